"""Proposals and their approvals as rows."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from hub.model.proposal import AccountChange, Approval, Proposal, ProposalKind, ProposalState, Publication, Texts
from hub.store.account_changes import apply_changes
from hub.store.publications import add_publication
from hub.store.tables import approvals, proposals

_ENDED = (ProposalState.PUBLISHED, ProposalState.WITHDRAWN)
_PLAIN = (
    "id",
    "digest",
    "base",
    "proposer",
    "proposer_agency",
    "proposer_guards",
    "reason",
    "made_at_ms",
    "loosens",
    "publish_at_ms",
    "publisher",
)
_WITHOUT_TEXTS = [column for column in proposals.c if column.name != "texts"]


class Proposals:
    """Keeps proposals; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, proposal: Proposal, texts: Texts) -> None:
        """Keep a new proposal with the texts of its policy, if it is about one."""
        with self._engine.begin() as connection:
            connection.execute(insert(proposals), {**_row(proposal), "texts": json.dumps(dict(texts))})

    def edit(self, proposal: Proposal, texts: Texts, *, formerly: str) -> bool:
        """Replace an open proposal's content; return False if it is no longer what had the former digest.

        Its approvals go with what they were for: they must not count again when a later edit brings that back.
        """
        values = {**_row(proposal), "texts": json.dumps(dict(texts))}
        with self._engine.begin() as connection:
            if not _change(connection, proposal.id, formerly, ProposalState.OPEN, values):
                return False
            connection.execute(delete(approvals).where(approvals.c.proposal == proposal.id))
        return True

    def find(self, proposal: str) -> Proposal | None:
        """Return one proposal with all its approvals."""
        with self._engine.connect() as connection:
            row = connection.execute(select(*_WITHOUT_TEXTS).where(proposals.c.id == proposal)).one_or_none()
            return None if row is None else _read(connection, row)

    def texts(self, proposal: str) -> Texts:
        """Return the texts of a proposal's policy; none if it is about something else."""
        with self._engine.connect() as connection:
            found = connection.execute(select(proposals.c.texts).where(proposals.c.id == proposal)).scalar_one()
        texts: Texts = json.loads(found)
        return texts

    def newest(self, most: int, *, with_ended: bool) -> tuple[Proposal, ...]:
        """Return the newest proposals first."""
        query = select(*_WITHOUT_TEXTS).order_by(proposals.c.made_at_ms.desc(), proposals.c.id).limit(most)
        if not with_ended:
            query = query.where(proposals.c.state.not_in(_ENDED))
        with self._engine.connect() as connection:
            return tuple(_read(connection, row) for row in connection.execute(query).all())

    def scheduled(self) -> tuple[Proposal, ...]:
        """Return the proposals that wait for their moment, the earliest first."""
        query = select(*_WITHOUT_TEXTS).where(proposals.c.state == ProposalState.SCHEDULED)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(proposals.c.publish_at_ms)).all()
            return tuple(_read(connection, row) for row in rows)

    def approve(self, proposal: str, approval: Approval) -> bool:
        """Keep an approval; return False if the proposal is not open any more as what was approved, or was before."""
        current = (proposals.c.id == proposal) & (proposals.c.digest == approval.digest)
        with self._engine.begin() as connection:
            # Locks the row until the approval is in, so that no edit comes between.
            held = update(proposals).where(current & (proposals.c.state == ProposalState.OPEN))
            if connection.execute(held.values(digest=approval.digest)).rowcount == 0:
                return False
            same = (approvals.c.proposal == proposal) & (approvals.c.approver == approval.approver)
            if connection.execute(select(approvals).where(same & (approvals.c.digest == approval.digest))).first():
                return False
            connection.execute(insert(approvals), {"proposal": proposal, **asdict(approval)})
        return True

    def move(self, proposal: Proposal, state: ProposalState, **values: object) -> bool:
        """Bring a proposal into another state; return False if it has changed since it was read."""
        with self._engine.begin() as connection:
            return _change(connection, proposal.id, proposal.digest, proposal.state, {"state": state, **values})

    def publish(self, proposal: Proposal, publication: Publication) -> Publication | None:
        """Put a proposal in force: mark it, keep the publication and change the accounts, all or nothing.

        Returns None, and changes nothing, if the proposal has changed since it was read.
        """
        with self._engine.begin() as connection:
            values = {"state": ProposalState.PUBLISHED}
            if not _change(connection, proposal.id, proposal.digest, proposal.state, values):
                return None
            apply_changes(connection, proposal.changes)
            return add_publication(connection, publication)


def _change(connection: Connection, proposal: str, digest: str, state: ProposalState, values: dict[str, Any]) -> bool:
    """Change a proposal that is still what it was; two people who change it at once must not undo each other."""
    unchanged = (proposals.c.id == proposal) & (proposals.c.digest == digest) & (proposals.c.state == state)
    return connection.execute(update(proposals).where(unchanged).values(values)).rowcount == 1


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        **{name: getattr(proposal, name) for name in _PLAIN},
        "kind": proposal.kind,
        "state": proposal.state,
        "opens": json.dumps(proposal.opens),
        "changes": json.dumps([asdict(change) for change in proposal.changes]),
    }


def _read(connection: Connection, row: Any) -> Proposal:  # noqa: ANN401  (a row without the texts)
    of_it = select(approvals).where(approvals.c.proposal == row.id).order_by(approvals.c.at_ms)
    changes = (AccountChange(**{**said, "areas": tuple(said["areas"])}) for said in json.loads(row.changes))
    return Proposal(
        **{name: getattr(row, name) for name in _PLAIN},
        kind=ProposalKind(row.kind),
        state=ProposalState(row.state),
        opens=tuple(json.loads(row.opens)),
        changes=tuple(changes),
        approvals=tuple(
            Approval(**{name: getattr(found, name) for name in Approval.__slots__})
            for found in connection.execute(of_it)
        ),
    )
