"""The version of a policy: a digest of what its files say, whatever their comments and layout."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from hub.access.model_conf import model_text
from hub.model.policy import Rulebook

VERSION_LENGTH = 12


def content_of(book: Rulebook) -> str:
    """Spell out everything that decides, as JSON in ASCII; equal for equal policies and for no others."""
    return json.dumps({"model": model_text(), "policy": _plain(book)}, ensure_ascii=True, separators=(",", ":"))


def version_of(content: str) -> str:
    """Return the first twelve hexadecimal digits of SHA-256 over the canonical content."""
    return hashlib.sha256(content.encode("ascii")).hexdigest()[:VERSION_LENGTH]


def _plain(value: object) -> object:
    """Reduce a value to what JSON can spell; the order of things stays and counts, since people see it."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
