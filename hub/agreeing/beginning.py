"""What is in force when a hub begins: the last policy that was published, or at the very first that of the folder."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import structlog

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts
from hub.agreeing.process import as_bytes
from hub.errors import Fault, PolicyError
from hub.model.proposal import ProposalKind, Publication, Texts

_log = structlog.get_logger(__name__)


class FirstPublications(Protocol):
    """Keeps publications; calls block for the time of one database access."""

    def in_force(self) -> Publication | None:
        """Return the last publication of a policy, with its texts."""
        ...

    def add(self, publication: Publication) -> Publication:
        """Keep a publication under the next number."""
        ...


def begin(folder: Mapping[str, bytes], publications: FirstPublications) -> tuple[Policy, Publication]:
    """Return the policy to begin with, compiled, and its publication; raise PolicyError with every fault.

    From the first start on the store decides and no longer the folder: whoever can write to the folder alone could
    change the rules without anybody's agreement.
    """
    found = publications.in_force()
    if found is None:
        policy = compile_policy(rulebook_from_texts(folder))
        return policy, publications.add(_first(policy, {name: text.decode() for name, text in folder.items()}))
    policy = compile_policy(rulebook_from_texts(as_bytes(found.texts)))
    if policy.version != found.version:
        what = f"Publication {found.number} in the store does not say what was published ({found.version})"
        mend = "Somebody or something has changed the store: bring back its last good copy."
        raise PolicyError([Fault(file=Path("data"), line=1, what=what, mend=mend)])
    if as_bytes(found.texts) != dict(folder):
        _log.info("policy.folder_differs", publication=found.number)
    return policy, found


def _first(policy: Policy, texts: Texts) -> Publication:
    return Publication(
        number=0,
        version=policy.version,
        kind=ProposalKind.POLICY,
        at_ms=time.time_ns() // 1_000_000,
        reason="What the deployment's folder held when the hub first began.",
        texts=texts,
    )
