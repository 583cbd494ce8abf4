"""Reads YAML as an editor does, with numbers and yes-or-no words, and compares it with the manifest's schema."""

import json
import re
from typing import Any, ClassVar

import jsonschema
import yaml

from adapters.kit.manifest_schema import SCHEMA_FILE

PLAIN = {
    "tag:yaml.org,2002:bool": re.compile(r"^(true|True|TRUE|false|False|FALSE)$"),
    "tag:yaml.org,2002:int": re.compile(r"^[-+]?[0-9]+$"),
    "tag:yaml.org,2002:float": re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    "tag:yaml.org,2002:null": re.compile(r"^(null|Null|NULL|~|)$"),
    "tag:yaml.org,2002:merge": re.compile(r"^<<$"),
}
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


class EditorLoader(yaml.SafeLoader):
    """Knows the scalars of YAML 1.2 and no others."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for tag, looks in PLAIN.items():
    EditorLoader.add_implicit_resolver(tag, looks, None)


def _named_in_text(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, object]:
    loader.flatten_mapping(node)
    return {str(key.value): loader.construct_object(value, deep=True) for key, value in node.value}


EditorLoader.add_constructor("tag:yaml.org,2002:map", _named_in_text)


def marked(text: str) -> list[str]:
    """List what an editor would underline: where, and which rule of the schema is broken."""
    document = yaml.load(text, Loader=EditorLoader)  # noqa: S506  a safe loader with fewer scalars
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.validator}" for error in found]
