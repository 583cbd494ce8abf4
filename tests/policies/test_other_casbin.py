"""A third opinion: another Casbin, written by others in another language, given the same model and rows."""

import json
import random
import subprocess
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hub.access.compile import compile_profiles
from hub.access.model_conf import model_text
from hub.access.papers import read_papers
from hub.access.reading import read_rulebook
from hub.access.rows import Cell, rows_of
from hub.access.rulebook import rulebook_from
from hub.model.policy import Rulebook
from tests.lib.node import require_node
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.policies import oracle
from tests.policies.made_up import made_up_files


class Asked(NamedTuple):
    """One cell of one level, and what the hub has compiled for it."""

    level: str
    cell: Cell
    allowed: bool


def _sampled(book: Rulebook, number: int) -> list[Asked]:
    """Pick so many cells, as far as may be half of them allowed and half denied."""
    catalogue, profiles = book.catalogue, compile_profiles(book)
    everything = product(
        catalogue.questions, book.agencies, catalogue.field_classes, catalogue.purposes, catalogue.areas
    )
    asked: dict[bool, list[Asked]] = {True: [], False: []}
    for level, cell in product(book.levels, [Cell(*parts) for parts in everything]):
        classes = profiles[level].classes.get((cell.question, cell.agency, cell.purpose, cell.area), ())
        allowed = cell.field_class in classes
        asked[allowed].append(Asked(level, cell, allowed))
    chance = random.Random(number)
    few = chance.sample(asked[True], min(number // 2, len(asked[True])))
    return [*few, *chance.sample(asked[False], min(number - len(few), len(asked[False])))]


def _made_up(number: int) -> list[Rulebook]:
    """Return so many made-up policies, the same each time."""
    books: list[Rulebook] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(files=made_up_files())
    def collect(files: oracle.Files) -> None:
        books.append(rulebook_from(read_papers(Path("made-up"), files.written())))

    collect()
    return books


def _written(book: Rulebook, asked: list[Asked]) -> dict[str, object]:
    levels = book.levels.values()
    return {
        "links": [(level.id, parent) for level in levels for parent in level.inherits],
        "rows": [row for level in levels for row in rows_of(level, book.catalogue)],
        "cells": [(one.level, *one.cell) for one in asked],
    }


def _agrees(node: Any, *, of_the_shipped: int, made_up: int, of_each: int) -> list[bool]:
    """Compare every verdict, and return all of them."""
    shipped = read_rulebook(SHIPPED_POLICIES)
    sampled = [(shipped, _sampled(shipped, of_the_shipped))]
    sampled += [(book, _sampled(book, of_each)) for book in _made_up(made_up)]
    given_to_it = {"model": model_text(), "policies": [_written(*one) for one in sampled]}
    program = subprocess.run(
        node.command("judge.mjs"),
        input=json.dumps(given_to_it),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    answers: list[list[bool]] = json.loads(program.stdout)
    for (_, asked), answered in zip(sampled, answers, strict=True):
        for one, answer in zip(asked, answered, strict=True):
            assert answer is one.allowed, one
    return [one.allowed for _, asked in sampled for one in asked]


@pytest.fixture(scope="module")
def node() -> Any:
    return require_node()


def test_another_casbin_agrees_on_a_thousand_cells(node: Any) -> None:
    verdicts = _agrees(node, of_the_shipped=400, made_up=6, of_each=100)
    assert len(verdicts) == 1_000
    assert 200 < sum(verdicts) < 800


@pytest.mark.slow
def test_another_casbin_agrees_on_ten_thousand_cells_of_many_policies(node: Any) -> None:
    verdicts = _agrees(node, of_the_shipped=3_000, made_up=70, of_each=100)
    assert len(verdicts) == 10_000
    assert 1_000 < sum(verdicts) < 9_000
