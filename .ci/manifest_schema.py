"""Write the JSON Schema of a manifest from its model, or say that the tree differs from it.

python .ci/manifest_schema.py write | check
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from adapters.kit.manifest_schema import SCHEMA_FILE, spelt_schema  # noqa: E402  found by the line above


def main(arguments: list[str]) -> int:
    """Do what the one argument says; exit code 1: the tree differs; 2: the argument was not understood."""
    match arguments:
        case ["write"]:
            SCHEMA_FILE.write_text(spelt_schema(), encoding="utf-8")
            return 0
        case ["check"]:
            if SCHEMA_FILE.is_file() and SCHEMA_FILE.read_text(encoding="utf-8") == spelt_schema():
                return 0
            print(f"adapters/kit/{SCHEMA_FILE.name} is not what the model says; run `make gen`", file=sys.stderr)
            return 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
