"""Rewrites a manifest for a run: hub, certificates and journal are the run's own, and all else stays as it is."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel

from adapters.kit.manifest import SQLITE, Manifest
from adapters.kit.manifest_file import load_manifest

RUN_HUB = (
    '{addresses: ["${SHARING_HUB_ADDRESS}"], ca: "${SHARING_HUB_CA}", certificate: "${SHARING_HUB_CERTIFICATE}",'
    ' key: "${SHARING_HUB_KEY}"}'
)
OF_THE_OTHER = frozenset({"health", "metrics"})
"""What tells of the adapter that this manifest is run by for good, and must not tell of a run."""
RUN_JOURNAL = '"${SHARING_JOURNAL}"'
_SECRET = re.compile(r"\$\{([A-Za-z0-9_]*(?:KEY|PASS|SECRET|TOKEN)[A-Za-z0-9_]*)\}", re.IGNORECASE)

Span = tuple[int, int, str]


def rewritten(file: Path, environment: Mapping[str, str]) -> tuple[Manifest, str]:
    """Return a manifest and its text for the run; paths become absolute, and no password is filled in."""
    manifest = load_manifest(file, environment)
    text = file.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    spans: list[Span] = []
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "hub":
                spans.append((*_span(value), RUN_HUB))
            elif key.value == "journal":
                spans.append((*_span(value), RUN_JOURNAL))
            elif key.value in OF_THE_OTHER:
                spans.append((*_span(value), ""))
            else:
                spans += _paths(value, getattr(manifest, key.value, None))
    for start, end, new in sorted(set(spans), reverse=True):
        # A block ends where the next part begins; its line break is kept.
        kept = "\n" if "\n" in text[start:end] else ""
        text = f"{text[:start]}{new}{kept}{text[end:]}"
    return manifest, text


def secrets_named(file: Path) -> tuple[str, ...]:
    """List the variables that a manifest uses and that, by their names, hold a secret."""
    return tuple(dict.fromkeys(_SECRET.findall(file.read_text(encoding="utf-8"))))


def _span(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _paths(node: yaml.Node, part: object) -> Iterator[Span]:
    """Find every path that is relative to the manifest's folder, wherever it stands."""
    match node, part:
        case yaml.MappingNode(), BaseModel():
            named = {field.alias or name: getattr(part, name) for name, field in type(part).model_fields.items()}
            yield from _within(node, named)
        case yaml.MappingNode(), dict():
            yield from _within(node, part)
        case yaml.ScalarNode(), Path():
            yield (*_span(node), json.dumps(str(part.absolute())))
        case yaml.ScalarNode(), str() if node.value.startswith(SQLITE):
            yield (*_span(node), json.dumps(SQLITE + str(Path(part.removeprefix(SQLITE)).absolute())))
        case yaml.ScalarNode(), str() if _is_made_absolute(node.value, part):
            yield (*_span(node), json.dumps(part))
        case _:
            return


def _is_made_absolute(written: str, part: str) -> bool:
    """Tell whether a text is a path that the manifest's folder was put before; what was filled in is left as it is."""
    return "${" not in written and part != written and Path(part).is_absolute() and part.endswith(written)


def _within(node: yaml.MappingNode, parts: Mapping[str, object]) -> Iterator[Span]:
    for key, value in node.value:
        if key.value in parts:
            yield from _paths(value, parts[key.value])
