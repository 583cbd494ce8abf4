"""What a hub begins with: the folder once, and from then on what was published."""

from dataclasses import replace

import pytest

from hub.agreeing.beginning import begin
from hub.errors import PolicyError
from hub.model.proposal import Publication
from tests.lib.drafts import CLOSING, FAULTY, SHIPPED


class Kept:
    """Keeps publications in memory."""

    def __init__(self) -> None:
        self.all: list[Publication] = []

    def in_force(self) -> Publication | None:
        return self.all[-1] if self.all else None

    def add(self, publication: Publication) -> Publication:
        self.all.append(replace(publication, number=len(self.all) + 1))
        return self.all[-1]


def test_the_first_start_publishes_the_folder_by_nobody() -> None:
    kept = Kept()
    policy, published = begin(SHIPPED, kept)
    assert (published.number, published.publisher, published.version) == (1, "", policy.version)
    assert published.texts == {name: text.decode() for name, text in SHIPPED.items()}
    assert kept.all == [published]


def test_from_then_on_the_store_decides_whatever_the_folder_holds() -> None:
    kept = Kept()
    _, first = begin(SHIPPED, kept)
    for folder in (CLOSING, FAULTY, {}):
        policy, published = begin(folder, kept)
        assert (policy.version, published) == (first.version, first)
    assert len(kept.all) == 1


def test_a_folder_with_faults_is_not_published() -> None:
    kept = Kept()
    with pytest.raises(PolicyError) as refused:
        begin(FAULTY, kept)
    assert (len(refused.value.faults) >= 2, kept.all) == (True, [])


def test_a_store_whose_texts_say_something_else_is_refused() -> None:
    kept = Kept()
    _, first = begin(SHIPPED, kept)
    kept.all = [replace(first, texts={name: text.decode() for name, text in CLOSING.items()})]
    with pytest.raises(PolicyError, match="does not say what was published"):
        begin(SHIPPED, kept)
    kept.all = [replace(first, version="0" * 12)]
    with pytest.raises(PolicyError, match="does not say what was published"):
        begin(SHIPPED, kept)
