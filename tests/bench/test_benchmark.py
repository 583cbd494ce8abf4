"""The benchmark itself: what it sends is what the contract says, and what it measures it measures."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson
import pytest
from sharing.v1 import links_pb2

from tests.bench.aims import Findings
from tests.bench.cells import Cell, Measurement, Subject
from tests.bench.cpu import cpu_seconds
from tests.bench.frames import ReadyReplies
from tests.bench.lag import Lag
from tests.bench.publications import Publication
from tests.bench.question import COLUMNS, REPLY_BYTES, ROWS, people, sample_ask
from tests.bench.reading import ReadingCost
from tests.bench.reading_program import Way
from tests.bench.reading_sources import Technology
from tests.bench.table import publications, table
from tests.lib.measuring import percentile


def measured(subject: Subject, *, hub_us: float = 0, p50_ms: float = 1, **conditions: int | str) -> Measurement:
    """Return a measurement of a hundred questions."""
    cell = Cell(subject=subject, **{"agencies": 4, "latency_ms": 0, "in_flight": 32} | conditions)
    measurement = Measurement(cell=cell)
    measurement.add(
        {
            "questions": 100,
            "messages": 100,
            "seconds": 1.0,
            "timings_us": [int(p50_ms * 1_000)] * 100,
            "cpu_seconds": {"hub": hub_us / 10_000} if hub_us else {},
        }
    )
    return measurement


def test_pieces_set_end_to_end_are_one_message_of_the_contract_with_replies_of_one_kilobyte() -> None:
    replies = ReadyReplies("agency_01", read_at_ms=1_800_000_000_000)
    asks = [sample_ask(0), sample_ask(7)]
    asks[1].ask_id, asks[1].nonce = 2**40, b"12345678"

    message = links_pb2.ConnectRequest.FromString(b"".join(replies.frame(ask) for ask in asks))

    for place, ask, reply in zip((0, 7), asks, message.replies, strict=True):
        assert (reply.ask_id, reply.nonce) == (ask.ask_id, ask.nonce)
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
        assert reply.ByteSize() == REPLY_BYTES
        assert len(reply.records.columns) == COLUMNS
        assert len(reply.records.cells) == ROWS * COLUMNS
        assert people()[place].nhs_number in reply.records.cells


def test_the_people_asked_about_all_differ() -> None:
    assert len({person.nhs_number for person in people()}) == len({person.upn for person in people()}) == len(people())


def test_the_cpu_clock_of_a_process_counts_its_cpu_and_not_its_sleep() -> None:
    before = cpu_seconds(os.getpid())
    time.sleep(0.2)
    asleep = cpu_seconds(os.getpid()) - before
    began = time.process_time()
    while time.process_time() - began < 0.2:
        pass
    assert asleep < 0.1
    assert cpu_seconds(os.getpid()) - before == pytest.approx(asleep + 0.2, abs=0.05)


def test_percentiles_are_taken_over_all_rounds_and_cpu_is_for_one_question() -> None:
    measurement = measured(Subject.HUB, hub_us=400, p50_ms=2)
    measurement.add(
        {
            "questions": 300,
            "messages": 600,
            "seconds": 1.0,
            "timings_us": [10_000] * 300,
            "cpu_seconds": {"hub": 0.12},
        }
    )
    assert (measurement.p50_ms, measurement.percentile_ms(10)) == (10, 2)
    assert measurement.hub_us == pytest.approx(400)
    assert measurement.per_second == 200
    assert measurement.as_json()["messages_per_answer"] == 1.75


def test_a_round_that_failed_fails_its_cell_and_no_finding_rests_on_it() -> None:
    hub = measured(Subject.HUB, hub_us=500)
    hub.add({"error": "3 of 4 agencies held something"})
    bare = measured(Subject.BARE, hub_us=400)

    assert hub.as_json()["error"]
    assert not Findings([hub, bare]).all()
    assert "FAILED" in "\n".join(table([hub, bare]))


def test_a_size_that_failed_leaves_the_other_comparison_as_it_is() -> None:
    sizes = [
        measured(Subject.HUB, hub_us=us, variant=variant)
        for us, variant in ((400, "112 rules"), (400, "100,800 rules"), (500, "10 sessions"), (600, "10,000 sessions"))
    ]
    sizes[0].add({"error": "it ended"})
    assert [finding.figure for finding in Findings(sizes).all()] == [pytest.approx(1.2)]


def test_aims_are_met_at_the_bound_and_missed_beyond_it() -> None:
    measurements = [
        measured(Subject.HUB, hub_us=800),
        measured(Subject.BARE, hub_us=400),
        measured(Subject.HUB, hub_us=4_800, agencies=16),
        measured(Subject.BARE, hub_us=1_600, agencies=16),
        measured(Subject.HUB, p50_ms=24, latency_ms=20, in_flight=1),
        measured(Subject.GATHER, p50_ms=20.5, latency_ms=20, in_flight=1),
        measured(Subject.HUB, hub_us=400, variant="112 rules"),
        measured(Subject.HUB, hub_us=420, variant="100,800 rules"),
    ]
    assert [(round(finding.figure, 2), finding.is_met) for finding in Findings(measurements).all()] == [
        (2.0, True),
        (3.0, False),
        (3.5, False),
        (1.5, False),
        (1.05, True),
    ]


def test_a_stall_counts_for_all_who_would_have_come_meanwhile() -> None:
    lag = Lag()
    for _ in range(98):
        lag.note(0)
    lag.note(0.102)
    assert len(lag.late_ms) == 98 + 21
    assert percentile(lag.late_ms, 99) == pytest.approx(97)


def test_a_publication_is_judged_by_its_time_the_loop_and_a_look_up() -> None:
    late_ms = [*([1.0] * 97), 30.0, 30.0, 40.0]
    published = Publication(
        rules=100_800,
        seconds=61,
        late_ms=late_ms,
        longest_collection_ms=2,
        lookup_us=1,
        meanwhile=measured(Subject.HUB, variant="publishing 100,800 rules"),
    )
    findings = Findings([], [published]).all()
    assert [(finding.figure, finding.is_met) for finding in findings] == [(61, False), (30, False), (1, True)]
    assert published.as_json()["loop_late_ms"] == {"p50": 1, "p99": 30, "max": 40}
    assert max(len(line) for line in publications([published])) <= 180
    published.meanwhile.add({"error": "it ended"})
    assert "FAILED: it ended" in str(published)
    assert not Findings([], [published]).all()


def test_reading_a_database_is_judged_against_its_driver_and_a_missing_part_is_said() -> None:
    costs = []
    for technology, reader_us in ((Technology.MARIADB, 40), (Technology.POSTGRESQL, 41), (Technology.REST, 500)):
        cost = ReadingCost(technology=technology)
        for way, us in ((Way.BARE, 20), (Way.READER, reader_us), (Way.WHOLE, 600)):
            cost.add(way, {"questions": 50, "cpu_seconds": us / 20_000})
            cost.add(way, {"questions": 50, "cpu_seconds": us / 20_000})
        costs.append(cost)
    missing = ReadingCost(technology=Technology.SQLITE, error="Needs it.")
    findings = Findings([], (), (), [*costs, missing]).all()
    assert [(round(finding.figure, 2), finding.is_met) for finding in findings] == [
        (2.0, True),
        (2.05, False),
        (25.0, None),
    ]
    assert costs[0].as_json()["reader_us"] == 40
    assert "NOT MEASURED: Needs it." in str(missing)
    assert max(len(str(cost)) for cost in costs) <= 120


def test_the_table_fits_120_columns() -> None:
    conditions = {"agencies": 64, "latency_ms": 20}
    slow = [
        measured(subject, hub_us=123_456, p50_ms=12_345, **conditions)
        for subject in (Subject.HUB, Subject.BARE, Subject.GATHER)
    ]
    assert max(len(line) for line in table(slow)) <= 120


@pytest.mark.slow
def test_a_run_measures_hub_and_baselines_and_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "--only", "hub,bare,batched,gather", "--agencies", "2"]
    command += ["--seconds", "0.3", "--rounds", "1", "--in-flight", "2,32", "--latency", "0,1", "--json", "bench.json"]
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": f"{root}:{root / 'protos'}", "TMPDIR": str(tmp_path), "PATH": ""}

    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=120, capture_output=True)

    report = orjson.loads((tmp_path / "bench.json").read_bytes())
    assert len(report["measurements"]) == 2 * (3 * 2 + 1)
    assert all(measurement["questions"] for measurement in report["measurements"])
    assert {finding["unit"] for finding in report["findings"]} == {"times"}
    assert [left.name for left in tmp_path.iterdir()] == ["bench.json"]
    assert not processes_that_mention(str(tmp_path))


@pytest.mark.slow
def test_a_run_measures_what_a_question_costs_an_adapter_and_leaves_no_server() -> None:
    command = [sys.executable, "-m", "tests.bench", "--only", "adapter", "--seconds", "0.8", "--json", "bench.json"]
    root = Path(__file__).parents[2]
    # Not pytest's own folder: servers that run as another user may not enter that one.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = {"PYTHONPATH": f"{root}:{root / 'protos'}", "TMPDIR": name, "PATH": os.environ["PATH"]}
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=120, capture_output=True)
        report = orjson.loads((folder / "bench.json").read_bytes())
        assert len(report["adapter"]) == len(Technology)
        assert all(cost["questions"] for cost in report["adapter"] if "error" not in cost)
        assert [left.name for left in folder.iterdir()] == ["bench.json"]
        assert not processes_that_mention(name)


@pytest.mark.slow
def test_a_run_that_is_ended_ends_every_process_that_it_started(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": f"{root}:{root / 'protos'}", "TMPDIR": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-m", "tests.bench", "--only", "bare", "--agencies", "2", "--seconds", "0.5"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"bare, 2 agencies" in process.stderr.readline()
        assert processes_that_mention(str(tmp_path))
        process.terminate()
        assert process.wait(60) == 130
    assert not processes_that_mention(str(tmp_path))
    assert not list(tmp_path.iterdir())


def processes_that_mention(text: str) -> list[str]:
    """Return the command lines of processes that have a text among their arguments."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = process.read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
        if any(text.encode() in argument for argument in arguments):
            found.append(b" ".join(arguments).decode(errors="replace"))
    return found
