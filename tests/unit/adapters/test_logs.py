"""An adapter's logs are its own words only."""

import asyncio
import json
import logging

import pytest

from adapters.kit.logs import quiet_loop, set_up_logs


def test_what_a_library_says_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    log = set_up_logs("health")
    logging.getLogger("httpx").info("GET http://source/?nhs=CANARY")
    logging.getLogger("httpx").warning("failed for %s", "CANARY")
    log.info("adapter_started")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["library_warned", "adapter_started"]
    assert lines[0]["library"] == "httpx"
    assert "CANARY" not in str(lines)


async def test_a_task_that_nobody_waited_for_tells_its_type_only(capsys: pytest.CaptureFixture[str]) -> None:
    log = set_up_logs("health")
    quiet_loop(log)
    asyncio.get_running_loop().call_exception_handler({"message": "CANARY", "exception": ValueError("CANARY")})
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["type"]) == ("loop_fault", "ValueError")
    assert "CANARY" not in str(line)
