"""Write docs/behaviour.md anew."""

from pathlib import Path

from tests.spec.chapters import CHAPTERS
from tests.spec.writing import page

if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs" / "behaviour.md").write_text(page(CHAPTERS), encoding="utf-8")
