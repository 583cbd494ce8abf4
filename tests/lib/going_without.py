"""A deployment whose policy lets concerns leave with consent, or on a ground, and lets some open break-glass access."""

from pathlib import Path

from tests.lib.administration import make_administration
from tests.lib.deployment import Deployment

GROUND, OTHER_GROUND = "G4_DEATH_OR_SERIOUS_HARM", "G2_SERIOUS_CRIME"
QUESTION, CASE = "child_concerns", "SC/2026-114"
TAKING = ("health", "schools")

_CONCERN = "explanation: That an agency is worried about the child, of what kind and since when.\n"


def make_going_without(folder: Path) -> Deployment:
    """Make an administration's deployment, and put what is needed into its policy before the hub first begins."""
    deployment = make_administration(folder)
    policies = deployment.folder / "policies"
    vocabulary = (policies / "vocabulary.yaml").read_text(encoding="utf-8")
    rules = f"    consent: true\n    grounds:\n      - {{ground: {GROUND}, officer: true}}\n"
    vocabulary = vocabulary.replace(_CONCERN, _CONCERN + rules)
    vocabulary = vocabulary.replace("break_glass_minutes: 60", "break_glass_minutes: 45")
    (policies / "vocabulary.yaml").write_text(vocabulary, encoding="utf-8")
    worker = policies / "levels" / "social_worker.yaml"
    worker.write_text(f"break_glass: true\n{worker.read_text(encoding='utf-8')}", encoding="utf-8")
    return deployment
