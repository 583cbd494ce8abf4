"""Whatever becomes of the files of a policy, it is compiled or refused with faults: nothing else escapes, ever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from hub.access.policy import compile_policy
from hub.access.reading import rulebook_from_texts
from hub.errors import Fault, PolicyError
from tests.policies.bad_policies import shipped_texts

SHIPPED = shipped_texts()
NAMES = sorted(SHIPPED)
WRITTEN = [name for name in NAMES if name.endswith(".yaml")]
WORDS = sorted({word for text in SHIPPED.values() for word in text.decode().split()})
HOSTILE = (
    *("", " ", "all", "[all]", "*", "~", "null", "-", "---", "{", "}", "[", "]", "&a", "*a", "!!int 1", "'", '"', "\\"),
    *("\t", "\x00", "\u202e", "\ufeff", "é", "１", "user:a", "level:a", "a,b", "eval(x)", "9" * 5000, "-1", "1e400"),
    *("9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "{a: b}", "[[[[[[[[[[[]]]]]]]]]]]"),
    *("health_visitor, grant 99999", "ask a of b for c and see d", "true", "0x10", "a" * 100),
)
VALUES = st.recursive(
    st.sampled_from([*HOSTILE, *WORDS])
    | st.text(max_size=10)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutilated_texts(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw the shipped policy with up to three of its files changed: words, lines, values, or the file as a whole."""
    texts = dict(SHIPPED)
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
        change = draw(st.sampled_from([_other_words, _other_lines, _other_values, _other_whole]))
        found = change(draw, texts[name])
        texts.pop(name) if found is None else texts.update({name: found})
    return texts


def _other_words(draw: st.DrawFn, text: bytes) -> bytes:
    pieces = text.decode().split(" ")
    for _ in range(draw(st.integers(1, 3))):
        pieces[draw(st.integers(0, len(pieces) - 1))] = draw(st.sampled_from([*HOSTILE, *WORDS]))
    return " ".join(pieces).encode()


def _other_lines(draw: st.DrawFn, text: bytes) -> bytes:
    lines = text.split(b"\n")
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(["gone", "twice", "swapped", "indented"])):
        case "gone":
            del lines[one]
        case "twice":
            lines.insert(other, lines[one])
        case "swapped":
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines[one] = b"  " + lines[one]
    return b"\n".join(lines)


def _other_values(draw: st.DrawFn, text: bytes) -> bytes:
    """Put another value of any shape in the place of one: what is still YAML gets further than what is not."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    holders = list(_holders(content))
    if not holders:
        return text
    holder, key = draw(st.sampled_from(holders))
    holder[key] = draw(VALUES)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode("utf-8", "replace")


def _holders(content: Any) -> Iterator[tuple[Any, Any]]:
    places = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in places:
        yield content, key
        yield from _holders(value)


def _other_whole(draw: st.DrawFn, text: bytes) -> bytes | None:
    return draw(st.none() | st.binary(max_size=100) | st.sampled_from(list(SHIPPED.values())) | st.just(text[:-40]))


def _faults(texts: dict[str, bytes]) -> tuple[Fault, ...]:
    """Compile a policy; return its faults, none if it has none."""
    try:
        compile_policy(rulebook_from_texts(texts))
    except PolicyError as refused:
        return refused.faults or (Fault(file=Path(), line=0, what="refused without a fault", mend=""),)
    return ()


def _compiled_or_refused(texts: dict[str, bytes]) -> None:
    for fault in _faults(texts):
        assert fault.line >= 1
        assert fault.mend
        assert str(fault).isprintable()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=mutilated_texts())
def test_a_mutilated_policy_is_compiled_or_refused_with_faults(texts: dict[str, bytes]) -> None:
    _compiled_or_refused(texts)


@pytest.mark.slow
@pytest.mark.parametrize("third", range(3))
def test_thousands_of_mutilated_policies_are_compiled_or_refused_with_faults(third: int) -> None:
    @seed(third)
    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=mutilated_texts())
    def mutilate(texts: dict[str, bytes]) -> None:
        _compiled_or_refused(texts)

    mutilate()
