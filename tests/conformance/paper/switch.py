"""Breaks and mends the paper agency's records: python -m tests.conformance.paper.switch FOLDER mode|consent WORD."""

import json
import sys
from pathlib import Path


def main(folder: Path, what: str, word: str) -> None:
    """Set the mode of the records, or the consent of the first sheet."""
    if what == "mode":
        (folder / "mode").write_text(word, encoding="utf-8")
        return
    file = folder / "sheets.json"
    sheets = json.loads(file.read_text(encoding="utf-8"))
    sheets[0]["consent"] = word
    (folder / "sheets.new").write_text(json.dumps(sheets), encoding="utf-8")
    (folder / "sheets.new").rename(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
