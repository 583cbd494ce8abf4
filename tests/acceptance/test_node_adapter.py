"""The adapter in another language, typed as its page says; and what becomes of it when a control is taken away."""

import json
import shutil
from pathlib import Path

import pytest

from tests.lib.documented import blocks
from tests.lib.node_adapter import EXAMPLE, NodeAdapter, copied

# Each control, where it stands, what it becomes without, and the rule that must be broken then.
CONTROLS: tuple[tuple[str, str, str, str, str], ...] = (
    ("only fields asked for", "answering.js", "new Set(ask.fields)", "new Set([...ask.fields, ...fields.keys()])",
     "asked-fields-only"),
    ("who is protected", "answering.js", "(protection && !ask.with_shielded)", "false", "shielded-like-unknown"),
    ("absolute protection", "answering.js", "protection === club.Protection.ABSOLUTE || ", "", "shielded-like-unknown"),
    ("the veto", "club.js", "return Boolean(member.do_not_pass_on)", "return false", "veto-honoured"),
    ("the veto is told to few", "answering.js", "isKeptBack && ask.with_shielded)", "isKeptBack)", "veto-honoured"),
    ("refused questions", "club.js", 'new Set(["child_concerns"])', "new Set()", "refusals-honoured"),
    ("harmless values", "plain.js", '.replace(UNPRINTABLE, "")', "", "hostile-values-harmless"),
    ("withdrawal", "watching.js", "if (!stands) this.#takeBack(request_id);", "", "takes-back"),
    ("the hub's authority", "dialling.js", "createFromSecureContext(secured)",
     "createFromSecureContext(secured, { rejectUnauthorized: false })", "refuses-imposters"),
    ("the hub's signature", "verifying.js", "!verify(null, text, ed25519(key), signed.subarray(4))", "false",
     "wrong-proofs-refused"),
    ("the log goes on from itself", "witnessing.js",
     "!provesConsistency(before, state, checkpoint.consistency)", "false", "wrong-proofs-refused"),
    ("receipts are in the log", "witnessing.js",
     "!provesInclusion(leaf, position, state, receipt.proof)", "false", "wrong-proofs-refused"),
    ("receipts are this agency's", "witnessing.js", "said(receipt.entry).agency !== agency", "false",
     "wrong-proofs-refused"),
    ("receipts without a gap", "witnessing.js", "Number(receipt.number) !== after + place + 1", "false",
     "receipts-without-a-gap"),
    ("nobody is told of the protected", "journal_asks.js", "if (touched.some(", "if (false && touched.some(",
     "journal-tells-nobody-else"),
    ("logs without people", "answering.js", "async #look(ask, largest) {",
     'async #look(ask, largest) { tell("asked", ask.person);', "prints-nobody"),
)  # fmt: skip

REOPENED = """
import { Journal } from "./journal.js";
const journal = await Journal.open("journal.jsonl");
await journal.append({ kind: "ask", request_id: "second", members: ["M-1"] });
await journal.close();
console.log([...journal.told.get("M-1")].join(" "));
"""


@pytest.fixture
def adapter(repository: Path, tmp_path: Path) -> NodeAdapter:
    return copied(repository, tmp_path)


def test_it_reaches_silver_as_its_page_says(adapter: NodeAdapter) -> None:
    register = (adapter.folder / "club" / "members.json").read_bytes()
    shown = blocks(adapter.folder / "README.md")
    commands = [block.text for block in shown if block.language == "sh" and not block.words]
    (said,) = (block.text for block in shown if block.language == "text")
    (done,) = map(adapter.typed, commands)
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout
    assert (adapter.folder / "club" / "members.json").read_bytes() == register


@pytest.mark.slow
def test_it_reaches_gold(adapter: NodeAdapter) -> None:
    done = adapter.judged("gold")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gold reached. 57 kept, 0 broken, 0 not tried, 2 exempt." in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("control", "file", "old", "new", "rule"), CONTROLS, ids=[one[0] for one in CONTROLS])
def test_a_control_that_is_taken_away_is_missed(
    adapter: NodeAdapter, control: str, file: str, old: str, new: str, rule: str
) -> None:
    adapter.change(file, old, new)
    done = adapter.judged("silver")
    broken = [line.split()[2].rstrip(":") for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    assert rule in broken, f"{control}: {done.stdout}{done.stderr}"
    assert done.returncode == 1


def test_each_control_still_stands_where_it_is_taken_away(repository: Path, tmp_path: Path) -> None:
    for number, (_, file, old, new, _) in enumerate(CONTROLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(repository / EXAMPLE / file, folder)
        NodeAdapter(folder=folder, environment={}).change(file, old, new)


def test_it_knows_nothing_of_the_hub_but_the_contract(repository: Path) -> None:
    for file in sorted((repository / EXAMPLE).glob("*.js")):
        imported = [line.split('"')[1] for line in file.read_text("utf-8").splitlines() if line.startswith("import ")]
        strange = [name for name in imported if not name.startswith(("./", "node:", "@grpc/"))]
        assert not strange, file.name


def test_it_says_what_it_misses_and_ends_with_one(adapter: NodeAdapter) -> None:
    done = adapter.typed("node adapter.js club/members.json")
    assert done.returncode == 1
    assert "set these in the environment: SHARING_HUB_ADDRESS, " in done.stdout
    assert done.stderr == ""


def kept(adapter: NodeAdapter, *lines: str) -> Path:
    """Write a journal, and a program that opens it, adds a line and says whose requests were answered."""
    (adapter.folder / "reopen.js").write_text(REOPENED, encoding="utf-8")
    file = adapter.folder / "journal.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def line(number: int, request: str) -> str:
    return json.dumps({"n": number, "at_ms": 1, "kind": "ask", "request_id": request, "members": ["M-1"]})


def test_a_line_that_was_being_written_when_the_power_failed_is_taken_off(adapter: NodeAdapter) -> None:
    file = kept(adapter, f"{line(1, 'first')}\n", line(2, "half")[:-20])
    done = adapter.typed("node reopen.js")
    assert done.stdout == "first second\n", done.stderr
    assert [json.loads(one)["n"] for one in file.read_text("utf-8").splitlines()] == [1, 2]


def test_a_journal_from_which_a_line_was_taken_is_not_gone_on_with(adapter: NodeAdapter) -> None:
    file = kept(adapter, f"{line(1, 'first')}\n", f"{line(3, 'third')}\n")
    before = file.read_bytes()
    done = adapter.typed("node reopen.js")
    assert "JournalDamaged" in done.stderr
    assert file.read_bytes() == before
