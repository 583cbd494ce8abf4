"""A driver that is missing is named with the extra that brings it."""

import pytest

from adapters.kit.errors import SourceFault
from adapters.kit.reader import Looking, Match
from adapters.kit.unmade import Unmade

NOBODY = Match(looking=Looking.ANY, wanted=())


@pytest.mark.parametrize(
    ("module", "mend"),
    [
        ("asyncpg", "Install the extra: pip install 'sharing-hub[postgresql]'"),
        ("asyncmy.connection", "Install the extra: pip install 'sharing-hub[mariadb]'"),
        ("strange_driver", "Install it beside the adapter."),
    ],
)
async def test_a_missing_driver_is_named(module: str, mend: str) -> None:
    (finding,) = await Unmade(ModuleNotFoundError("No module", name=module)).check()
    assert (finding.what, finding.mend) == (f"the driver `{module}` is not installed", mend)


async def test_the_words_of_the_fault_are_not_repeated_and_nobody_is_found() -> None:
    unmade = Unmade(ValueError("CANARY"))
    await unmade.open()
    assert "CANARY" not in str(await unmade.check())
    with pytest.raises(SourceFault):
        await unmade.find("r", NOBODY, (), 0.0)
    await unmade.close()
