"""The report of a run: for people on a terminal, as JSON, and as JUnit's XML for a build server."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from adapters.conformance.rules import Level, State, Verdict, reached

SIGNS = {State.KEPT: "ok     ", State.BROKEN: "BROKEN ", State.NOT_TRIED: "UNTRIED", State.EXEMPT: "exempt "}
INDENT = " " * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a run."""

    agency: str
    program: str
    wanted: Level
    verdicts: Sequence[Verdict]

    @property
    def level(self) -> Level | None:
        """Return the level that was reached."""
        return reached(self.verdicts, self.wanted)

    @property
    def has_passed(self) -> bool:
        """Tell whether the wanted level was reached."""
        return self.level is self.wanted


def progress(verdict: Verdict) -> str:
    """Spell one verdict as it is settled: a line, and below it what to do."""
    rule = verdict.rule
    note = f"  ({verdict.note})" if verdict.note else ""
    head = f"{SIGNS[verdict.state]} {rule.level.value:<6} {rule.id}: {rule.says}{note}"
    return "\n".join((head, *_particulars(verdict)))


def _particulars(verdict: Verdict) -> Iterator[str]:
    if verdict.state is State.BROKEN:
        yield f"{INDENT}expected: {verdict.expected}"
        yield f"{INDENT}came:     {verdict.came}"
        yield f"{INDENT}mend:     {verdict.mend}"
        yield f"{INDENT}see:      {verdict.rule.source}"


def closing(report: Report) -> str:
    """Spell how the run ended."""
    count = {state: sum(verdict.state is state for verdict in report.verdicts) for state in State}
    told = f"{count[State.KEPT]} kept, {count[State.BROKEN]} broken, {count[State.NOT_TRIED]} not tried"
    exempt = f", {count[State.EXEMPT]} exempt" if count[State.EXEMPT] else ""
    level = report.level.value if report.level is not None else "no level"
    verdict = "reached" if report.has_passed else f"reached; wanted was {report.wanted.value}"
    lines = [f"{report.agency} ({report.program or 'no program'}): {level} {verdict}. {told}{exempt}."]
    if count[State.NOT_TRIED]:
        lines.append(
            "What was not tried counts as not kept: complete the people file, or exempt the rule with a reason."
        )
    return "\n".join(lines)


def as_document(report: Report) -> Mapping[str, object]:
    """Spell a report for programs."""
    return {
        "agency": report.agency,
        "program": report.program,
        "wanted": report.wanted.value,
        "reached": report.level.value if report.level is not None else None,
        "passed": report.has_passed,
        "rules": [_told(verdict) for verdict in report.verdicts],
    }


def _told(verdict: Verdict) -> Mapping[str, object]:
    rule = verdict.rule
    return {
        "id": rule.id,
        "level": rule.level.value,
        "says": rule.says,
        "source": rule.source,
        "state": verdict.state.value,
        "seconds": round(verdict.seconds, 3),
        "note": verdict.note,
        "expected": verdict.expected,
        "came": verdict.came,
        "mend": verdict.mend,
    }


def as_junit(report: Report) -> bytes:
    """Spell a report as JUnit's XML: what was not tried fails, what is exempt is skipped."""
    failed = [verdict for verdict in report.verdicts if not verdict.is_good]
    skipped = [verdict for verdict in report.verdicts if verdict.state is State.EXEMPT]
    suite = ET.Element(
        "testsuite",
        name=f"adapter conformance {report.agency}",
        tests=str(len(report.verdicts)),
        failures=str(len(failed)),
        skipped=str(len(skipped)),
        time=f"{sum(verdict.seconds for verdict in report.verdicts):.3f}",
    )
    for verdict in report.verdicts:
        rule = verdict.rule
        case = ET.SubElement(suite, "testcase", classname=rule.level.value, name=rule.id, time=f"{verdict.seconds:.3f}")
        match verdict.state:
            case State.BROKEN:
                told = f"{rule.says}\nexpected: {verdict.expected}\ncame: {verdict.came}\nmend: {verdict.mend}"
                ET.SubElement(case, "failure", message=verdict.came).text = told
            case State.NOT_TRIED:
                ET.SubElement(case, "failure", message="not tried").text = verdict.note
            case State.EXEMPT:
                ET.SubElement(case, "skipped", message=verdict.note)
            case State.KEPT:
                pass
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))
