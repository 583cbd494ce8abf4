"""The log of a deployment whose hub has stopped: verified whole, by both verifiers, with its receipts."""

from adapters.kit import verifying as standalone
from hub.audit.exporting import exported_log
from hub.audit.leaves import read_leaf
from hub.audit.verifying import verify_export
from hub.recording.opening import opened_ledger, read_signer
from hub.store.engine import open_store
from tests.lib.deployment import Deployment

MOST_RECEIPTS = 1_000_000


def assert_sound(deployment: Deployment, witness: str = "") -> str:
    """Verify everything, and that each disclosure has its receipt without a gap; return the newest checkpoint."""
    settings = deployment.settings()
    engine = open_store(settings.store_url())
    try:
        with opened_ledger(engine, settings, read_signer(settings)) as ledger:
            export = list(exported_log(ledger.state(), ledger.leaves(0, ledger.size)))
            assert verify_export(export, witness=witness).root == ledger.root
            assert standalone.verify(iter(export), witness).root == ledger.root
            said = [read_leaf(line[:-1]) for line in export[1:]]
            for agency in {one["agency"] for one in said if one["kind"] == "disclosure"}:
                receipts = ledger.receipts_after(agency, 0, MOST_RECEIPTS)
                assert [one.number for one in receipts] == list(range(1, len(receipts) + 1))
                concerned = [
                    at for at, one in enumerate(said) if one["kind"] == "disclosure" and one["agency"] == agency
                ]
                assert set(concerned) <= {one.position for one in receipts}
            return ledger.checkpoint
    finally:
        engine.dispose()
