"""The whole log, exported and verified by both verifiers, each time with what an agency has witnessed."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from adapters.kit.verifying import Distrusted as DistrustedByAgency
from adapters.kit.verifying import verify
from hub.audit.exporting import SignedState, exported_log
from hub.audit.verifying import NotGenuine, verify_export
from hub.recording.opening import read_signer
from tests.integration.crash.journals import Journal
from tests.lib.deployment import Deployment


def distrusted(deployment: Deployment, journals: Sequence[Journal]) -> Iterator[str]:
    """Yield what a verifier says against the log of a deployment whose hub does not run."""
    lines = _exported(deployment)
    for journal in journals:
        try:
            verify_export(iter(lines), witness=journal.newest_note)
        except NotGenuine as why:
            yield f"the hub's verifier, with the witness {journal.agency}: {why}"
        try:
            verify(iter(lines), journal.newest_note)
        except DistrustedByAgency as why:
            yield f"the agencies' verifier, with the witness {journal.agency}: {why}"


def _exported(deployment: Deployment) -> list[bytes]:
    signer = read_signer(deployment.settings())
    with closing(sqlite3.connect(deployment.folder / "data" / "hub.sqlite")) as database:
        (note,) = database.execute("select note from checkpoint order by size desc limit 1").fetchone()
        leaves = [body.encode() for (body,) in database.execute("select body from audit_entry order by position")]
    state = SignedState(origin=signer.origin, public_key=signer.public_key, checkpoint=note)
    return list(exported_log(state, leaves))
