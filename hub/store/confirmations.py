"""What was put to designated officers as rows, one more for each agency's word."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from hub.model.confirmation import Because, Confirmation, OfficerWord, Verdict
from hub.store.ground_tables import confirmations, officer_words

_OLDEST_FIRST = (confirmations.c.put_at_ms, confirmations.c.id)


class Confirmations:
    """Keeps confirmations; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, confirmation: Confirmation) -> None:
        """Keep what was put, with the words that are waited for."""
        row = asdict(confirmation) | {"person": json.dumps(confirmation.person)}
        del row["words"]
        with self._engine.begin() as connection:
            connection.execute(insert(confirmations), row)
            words = [_word_row(word) | {"confirmation": confirmation.id} for word in confirmation.words]
            connection.execute(insert(officer_words), words)

    def find(self, confirmation: str) -> Confirmation | None:
        """Return one of them with all words."""
        with self._engine.connect() as connection:
            row = connection.execute(select(confirmations).where(confirmations.c.id == confirmation)).one_or_none()
            return None if row is None else _read(connection, row)

    def listed(
        self, most: int, *, live_at_ms: int | None, requester: str | None = None, agency: str | None = None
    ) -> tuple[Confirmation, ...]:
        """Return them oldest first: of everybody, of one requester, or those that wait for one agency's word.

        With `live_at_ms` only those on which somebody can still decide then, or on which something can rest.
        """
        query = select(confirmations).order_by(*_OLDEST_FIRST).limit(most)
        if requester is not None:
            query = query.where(confirmations.c.requester == requester)
        word = officer_words.c.confirmation == confirmations.c.id
        if agency is not None:
            word &= officer_words.c.agency == agency
        if live_at_ms is not None:
            waits = officer_words.c.verdict.is_(None) & (confirmations.c.decide_by_ms > live_at_ms)
            holds = (officer_words.c.valid_until_ms > live_at_ms) & (officer_words.c.revoked_by == "")
            word &= waits | holds
        query = query.where(select(officer_words).where(word).exists())
        with self._engine.connect() as connection:
            return tuple(_read(connection, row) for row in connection.execute(query).all())

    def waiting(self, requester: str, at_ms: int) -> int:
        """Count what one requester has put on which some officer can still decide."""
        undecided = select(officer_words).where(
            (officer_words.c.confirmation == confirmations.c.id) & officer_words.c.verdict.is_(None)
        )
        own = (confirmations.c.requester == requester) & (confirmations.c.decide_by_ms > at_ms)
        with self._engine.connect() as connection:
            query = select(func.count()).select_from(confirmations).where(own & undecided.exists())
            return connection.execute(query).scalar_one()

    def decide(self, confirmation: str, word: OfficerWord) -> bool:
        """Keep an officer's word; return False if the agency has said something already."""
        undecided = _word(confirmation, word.agency) & officer_words.c.verdict.is_(None)
        with self._engine.begin() as connection:
            return connection.execute(update(officer_words).where(undecided).values(_word_row(word))).rowcount == 1

    def revoke(self, confirmation: str, agency: str, officer: str) -> bool:
        """Note that a confirmation was taken back; return False if there is none of that agency, or it was before."""
        confirmed = (officer_words.c.verdict == Verdict.CONFIRMED) & (officer_words.c.revoked_by == "")
        change = update(officer_words).where(_word(confirmation, agency) & confirmed).values(revoked_by=officer)
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1


def _word(confirmation: str, agency: str) -> Any:  # noqa: ANN401  (a condition has one of SQLAlchemy's many types)
    return (officer_words.c.confirmation == confirmation) & (officer_words.c.agency == agency)


def _word_row(word: OfficerWord) -> dict[str, Any]:
    return asdict(word) | {"grounds": json.dumps(word.grounds), "because": json.dumps(word.because)}


def _read(connection: Connection, row: Any) -> Confirmation:  # noqa: ANN401  (a row of any of the queries above)
    of_it = select(officer_words).where(officer_words.c.confirmation == row.id).order_by(officer_words.c.agency)
    values = dict(row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)
    words = tuple(_read_word(dict(found._mapping)) for found in connection.execute(of_it))  # noqa: SLF001  (as above)
    return Confirmation(**values | {"person": tuple(json.loads(row.person)), "words": words})


def _read_word(values: dict[str, Any]) -> OfficerWord:
    del values["confirmation"]
    values |= {
        "verdict": Verdict(values["verdict"]) if values["verdict"] else None,
        "grounds": tuple(json.loads(values["grounds"])),
        "because": tuple(map(Because, json.loads(values["because"]))),
    }
    return OfficerWord(**values)
