"""Bringing a document into its shape, and saying in plain words why it does not fit."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.access.documents import Document, Place, shown
from hub.access.shapes import Shape, keys_at
from hub.access.spelling import instead
from hub.errors import Fault

S = TypeVar("S", bound=Shape)


def shape_of(document: Document, shape: type[S]) -> tuple[S | None, tuple[Fault, ...]]:
    """Return the document in its shape, or every reason why it does not fit."""
    try:
        return shape.model_validate(document.content), ()
    except ValidationError as error:
        return None, tuple(_fault(document, shape, found) for found in error.errors(include_url=False))


def _fault(document: Document, shape: type[Shape], error: ErrorDetails) -> Fault:
    place: Place = error["loc"]
    name = shown(next((step for step in reversed(place) if isinstance(step, str)), "the file"))
    what, mend = _words(error, name, shape, place)
    return document.fault(place, what, mend)


def _words(error: ErrorDetails, name: str, shape: type[Shape], place: Place) -> tuple[str, str]:
    """Say what is wrong and how to mend it."""
    context, value = error.get("ctx", {}), shown(error["input"])
    match error["type"]:
        case "policy":
            return str(context["what"]), str(context["mend"])
        case "extra_forbidden":
            keys = keys_at(shape, place[:-1])
            return f"“{name}” is not a key that belongs here", instead(name, keys, f"Keys are: {', '.join(keys)}.")
        case _ if error["input"] == "":
            return f"“{name}” is empty", "Write what people are to read, or remove the line."
        case "string_pattern_mismatch":
            return f"“{value}” cannot be an identifier in “{name}”", _identifier_mend(str(context["pattern"]))
        case "enum":
            words = str(context["expected"]).split("'")[1::2]
            return f"“{value}” cannot stand in “{name}”", instead(value, words, f"Choose from: {', '.join(words)}.")
        case _:
            return _words_on_form(error, name)


def _words_on_form(error: ErrorDetails, name: str) -> tuple[str, str]:
    """Say what is wrong with the form of a value."""
    match error["type"]:
        case "missing":
            return f"“{name}” is missing", f"Add “{name}: …”."
        case "tuple_type" | "list_type":
            return f"“{name}” is not a list", "Write [one, another], or lines that begin with “- ”."
        case "too_short" if not isinstance(error["input"], str):
            return f"“{name}” is an empty list", "Name at least one, or remove what needs it."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"There is no “key: value” under “{name}”", "Follow the shipped files."
        case "string_type":
            return f"“{name}” is not a word or a text", "Write one value."
        case _:
            return f"“{shown(error['input'])}” cannot stand in “{name}”", f"{error['msg']}."


def _identifier_mend(pattern: str) -> str:
    if "[A-Z]" in pattern:
        return "Write 2 to 40 capitals, digits and “_”, beginning with a letter."
    return "Write 2 to 40 small letters, digits and “_”, beginning with a letter: no blanks, commas, “*” or capitals."
