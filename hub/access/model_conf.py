"""The one form of Casbin model that the hub accepts, and every way in which a file departs from it."""

import re
from collections.abc import Iterator
from pathlib import Path

from hub.errors import Fault

MODEL_FORM = {
    "request_definition": {"r": "level, question, agency, field_class, purpose, area"},
    "policy_definition": {"p": "level, question, agency, field_class, purpose, area, eft"},
    "role_definition": {"g": "_, _"},
    "policy_effect": {"e": "some(where (p.eft == allow)) && !some(where (p.eft == deny))"},
    "matchers": {
        "m": "r.purpose == p.purpose && r.field_class == p.field_class && r.question == p.question"
        " && r.agency == p.agency && r.area == p.area && g(r.level, p.level)"
    },
}
_RESTORE = "Restore the shipped model.conf."
_DANGERS = {
    r"\beval\s*\(": ("eval() runs text out of the rules", "eval turned a denial into an allow"),
    r"regex": ("regexMatch() grants by prefix", "“child” would grant “child_secret”"),
    r"(?:key|glob|ip|time)_?(?:match|get)": ("pattern functions grant more than is written", "only equality is exact"),
}


def model_text() -> str:
    """Return the accepted form as text that Casbin reads."""
    sections = (
        f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        for section, keys in MODEL_FORM.items()
    )
    return "\n".join(sections)


def check_model(file: Path, text: str) -> Iterator[Fault]:
    """Yield every departure from the accepted form; spaces and comments do not count."""
    found: dict[tuple[str, str], int] = {}
    section = ""
    for line, written in enumerate(text.split("\n"), start=1):
        content = written.strip()
        if not content or content[0] in "#;":
            continue
        if content.startswith("[") and content.endswith("]"):
            section = content[1:-1].strip()
            continue
        key, _, value = (part.strip() for part in content.partition("="))
        if (section, key) in found:
            yield Fault(file=file, line=line, what=f"“{key}” is given twice", mend=_RESTORE)
        found[section, key] = line
        yield from _check_line(file, line, section, key, value)
    for section, keys in MODEL_FORM.items():
        for key in keys:
            if (section, key) not in found:
                yield Fault(file=file, line=1, what=f"“{key}” of [{section}] is missing", mend=_RESTORE)


def _check_line(file: Path, line: int, section: str, key: str, value: str) -> Iterator[Fault]:
    for pattern, (danger, why) in _DANGERS.items():
        if re.search(pattern, value, re.IGNORECASE):
            yield Fault(file=file, line=line, what=f"{danger} ({why})", mend=_RESTORE)
    expected = MODEL_FORM.get(section, {}).get(key)
    if expected is None:
        what = f"“{key}” does not belong in [{section}]" if section else "This line is in no section"
        yield Fault(file=file, line=line, what=what, mend=_RESTORE)
    elif _squeezed(value) != _squeezed(expected):
        yield Fault(file=file, line=line, what=f"“{key}” of [{section}] is not the known form", mend=_RESTORE)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
