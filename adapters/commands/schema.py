"""`adapter schema`: the manifest's JSON Schema, for an editor."""

import sys

from adapters.kit.manifest_schema import SCHEMA_FILE


def schema() -> None:
    """Print the JSON Schema of manifests: adapter schema > manifest.schema.json, where an editor looks for it."""
    sys.stdout.write(SCHEMA_FILE.read_text(encoding="utf-8"))
