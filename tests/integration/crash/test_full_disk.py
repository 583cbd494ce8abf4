"""A disk that is really full: nobody signs in or is answered, nor does a hub start; with room again, all is well."""

from pathlib import Path

import pytest

from tests.integration.crash.failing import UNUSABLE, all_attempt, get_well, refused_sign_in
from tests.integration.crash.partnership import partnership
from tests.integration.journey.test_failing_disk import full, small_disk

MOST_ROUNDS = 100


@pytest.mark.slow
async def test_a_hub_on_a_full_disk_refuses_and_does_not_start_and_loses_nothing(tmp_path: Path) -> None:
    with partnership(tmp_path) as on, small_disk(on.data) as disk:
        async with on.open() as clients:
            asking = [client for client in clients if not client.is_refused]
            with full(disk):
                # What room the store has left in its own files it may still use.
                for _ in range(MOST_ROUNDS):
                    attempts = await all_attempt(on, asking)
                    assert [attempt for attempt in attempts if not (attempt.is_whole or attempt.is_unwritable)] == []
                    if not any(attempt.is_whole for attempt in attempts):
                        break
                else:
                    raise AssertionError("a disk without room took everything")
                said = await refused_sign_in(on)
                assert (said.code, said.reason) in UNUSABLE
                assert not said.leak
                on.hub.kill()
                with pytest.raises(RuntimeError, match="did not start"):
                    on.hub.start()
                assert b"Traceback" not in on.hub.log()
        async with on.open() as clients:
            await get_well(on, clients[:-1])
            await on.close()
        assert on.faults() == []
