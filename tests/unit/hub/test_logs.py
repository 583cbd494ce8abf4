import json
import logging

import pytest
import structlog

from hub import logs


@pytest.fixture
def _configured() -> object:
    before = structlog.get_config()
    logs.configure()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("_configured")
def test_an_event_is_one_line_of_json_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.INFO)
    structlog.get_logger("x").info("link.opened", agency="health")
    written = capfd.readouterr()
    event = json.loads(written.err)
    assert (event["event"], event["level"], event["agency"]) == ("link.opened", "info", "health")
    assert written.out == ""
