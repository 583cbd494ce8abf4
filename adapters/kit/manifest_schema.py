"""Draws the JSON Schema of a manifest out of its model, so that an editor completes what the adapter will accept.

An editor reads YAML's numbers and yes-or-no words where the adapter reads text, and has no environment, so wherever the
model wants text, a number or a yes, the schema takes what an editor sees there, and `${NAME}`. Choices are written out.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from adapters.kit.manifest import Manifest
from adapters.kit.manifest_words import WORDS
from adapters.kit.mapping import Part
from adapters.kit.terms_mapping import as_list

SCHEMA_FILE = Path(__file__).with_suffix(".json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "The manifest of an agency's adapter"
FILLED_IN = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"
YES_OR_NO = r"^([01YyNnTtFf]|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"
ROUTE = {"type": "string", "pattern": r"^[^.]+\.[^.]+$", "description": "SOURCE.RECORDS: what answers the question."}
ONE_OR_LIST = frozenset({"date"})
NAMED_PARTS = ("properties", "$defs", "patternProperties")

Drawn = dict[str, Any]


def manifest_schema() -> Drawn:
    """Draw the schema."""
    plain = Manifest.model_json_schema(schema_generator=_OneForList)
    drawn: Drawn = _as_written(plain)
    short = {part.__name__ for part in _parts(Part) if _may_be_one_text(part)}
    for name, part in drawn["$defs"].items():
        _describe(name, part)
        if name in short:
            drawn["$defs"][name] = {"description": part.pop("description", ""), "anyOf": [_text({}), part]}
    drawn["$defs"]["Route"] = ROUTE
    _describe(Manifest.__name__, drawn)
    drawn.pop("description")
    return {"$schema": DIALECT, "title": TITLE, **drawn}


def spelt_schema() -> str:
    """Spell the schema as its file has it."""
    return json.dumps(manifest_schema(), indent=1, ensure_ascii=False) + "\n"


def unexplained(drawn: Drawn) -> list[str]:
    """List the settings of a schema that an editor could say nothing about."""
    return [
        f"{name}.{setting}"
        for name, part in [(Manifest.__name__, drawn), *drawn["$defs"].items()]
        for form in part.get("anyOf", [part])
        for setting, said in form.get("properties", {}).items()
        if not said.get("description")
    ]


class _OneForList(GenerateJsonSchema):
    """Says of a list that may be one of its parts that it may."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Add the part to the list."""
        drawn = super().function_before_schema(schema)
        function: object = schema["function"]["function"]
        return {"anyOf": [drawn["items"], drawn]} if function is as_list else drawn


def _parts(part: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in part.__subclasses__():
        yield below
        yield from _parts(below)


def _may_be_one_text(part: type[BaseModel]) -> bool:
    """Try whether a part may be written as one text."""
    try:
        part.model_validate("x")
    except ValidationError:
        return False
    return True


def _describe(name: str, part: Drawn) -> None:
    """Give each setting of a part its words; those of one part come before those of all."""
    name = name.partition("_")[0]
    for setting, drawn in part.get("properties", {}).items():
        said = WORDS.get(f"{name}.{setting}") or WORDS.get(setting)
        if said is not None:
            drawn["description"] = said


def _as_written(drawn: Any) -> Any:  # noqa: ANN401  a schema is a tree of anything
    """Widen a schema to what an editor sees in a good manifest, and leave out what pydantic says for itself."""
    if isinstance(drawn, list):
        return [_as_written(part) for part in drawn]
    if not isinstance(drawn, dict):
        return drawn
    part = {
        name: {below: _as_written(its) for below, its in said.items()} if name in NAMED_PARTS else _as_written(said)
        for name, said in drawn.items()
        if name not in {"title", "discriminator"} and not (name == "default" and said is None)
    }
    for setting in ONE_OR_LIST & part.get("properties", {}).keys():
        forms = part["properties"][setting].get("anyOf", [])
        forms[:0] = [form["items"] for form in forms if form.get("type") == "array"]
    if "discriminator" in drawn:
        part |= _chosen(drawn["discriminator"]["propertyName"], drawn["discriminator"]["mapping"])
        del part["oneOf"]
    if "patternProperties" in part:
        part.setdefault("additionalProperties", False)
    return WIDER.get(str(part.get("type")), _left)(part)


def _chosen(setting: str, forms: Mapping[str, str]) -> Drawn:
    """Let one setting choose the form, so that an editor speaks of that form and of no other."""
    return {
        "type": "object",
        "required": [setting],
        "properties": {setting: {"enum": list(forms), "description": WORDS[setting]}},
        "allOf": [
            {"if": {"required": [setting], "properties": {setting: {"const": choice}}}, "then": {"$ref": form}}
            for choice, form in forms.items()
        ],
    }


def _left(part: Drawn) -> Drawn:
    return part


def _text(part: Drawn) -> Drawn:
    """Take any plain value for text; where it must look like something, what is filled in later may."""
    if "enum" in part or "const" in part:
        choices = part.pop("enum", None) or [part.pop("const")]
        part.pop("type", None)
        return {**part, "enum": [*choices, *(int(choice) for choice in choices if choice.isdecimal())]}
    pattern = part.get("pattern")
    if pattern is not None:
        return {**part, "type": "string", "pattern": f"{pattern}|{FILLED_IN}"}
    part.pop("format", None)
    return {**part, "type": ["string", "number", "boolean"]}


def _number(part: Drawn) -> Drawn:
    return {**_beside(part), "anyOf": [_bare(part), {"type": "string", "pattern": rf"^[0-9.]+$|{FILLED_IN}"}]}


def _yes_or_no(part: Drawn) -> Drawn:
    spelt = {"type": "string", "pattern": f"{YES_OR_NO}|{FILLED_IN}"}
    return {**_beside(part), "anyOf": [_bare(part), spelt, {"enum": [0, 1]}]}


def _beside(part: Drawn) -> Drawn:
    return {name: said for name, said in part.items() if name in {"default", "description"}}


def _bare(part: Drawn) -> Drawn:
    return {name: said for name, said in part.items() if name not in {"default", "description"}}


WIDER: Mapping[str, Callable[[Drawn], Drawn]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": _yes_or_no,
}
