"""A search of the register, through the hub's own rooms: who is shown, in which order, and what is recorded of it."""

from dataclasses import replace

import pytest

from hub.access.policy import Policy
from hub.asking.asked import Asked
from hub.errors import InvalidRequest, NotAllowed, NotHeld
from hub.model.answer import AnswerPart
from hub.model.criteria import Criteria
from hub.model.outcome import Outcome
from tests.spec.scenario import Question
from tests.unit.hub.asking.scene import Scene, scene

DUTY = Question(level="social_care_duty", question="child_register", purpose="safeguarding", about="")
SMITHS = Criteria(family_name="Smi", born_from="2014-01-01", born_to="2014-12-31", given_name="Za")
HEADS = "agency | answers | nhs_number | given_name | family_name | date_of_birth | postcode | protects\n"
TWO = (
    HEADS
    + "social_care | a record | nhs:A | Zara | Smith | 2014-03-09 | BL1 2AB |\n"
    + "health | a record | nhs:A | Zara | Smyth-Smith | 2014-03-09 | BL1 2AB |\n"
    + "health | a record | nhs:B | Zak | Smith | 2014-05-01 | BL2 2AB |\n"
    + "schools | nothing | | | | | |\n"
    + "youth_offending | nothing | | | | | |\n"
    + "connexions | is unable | | | | | |\n"
)


def asked(criteria: Criteria = SMITHS, question: Question = DUTY) -> Asked:
    return replace(question.asked(), criteria=criteria)


async def search(on: Scene, criteria: Criteria = SMITHS) -> AnswerPart:
    parts = [part async for part in on.hub.asking.ask(on.session, asked(criteria))]
    assert len(parts) == 1
    return parts[0]


async def more(on: Scene, request_id: str) -> AnswerPart:
    return await on.hub.asking.pages.more(on.session, lambda: on.session.view(request_id))


def names(part: AnswerPart) -> list[set[str]]:
    """Return, for each person in their order, the names that agencies tell."""
    rows = [
        f"{given} {family}"
        for answer in part.agencies
        if answer.records
        for given, family in zip(answer.records.column("given_name"), answer.records.column("family_name"), strict=True)
    ]
    assert part.joining is not None
    found: dict[int, set[str]] = {}
    for person, name in zip(part.joining.person_of_row, rows, strict=True):
        found.setdefault(person, set()).add(name)
    return [found[person] for person in range(len(part.joining.certain))]


def request_id(part: AnswerPart) -> str:
    assert part.opening is not None
    return part.opening.request_id


def many(count: int, agency: str = "health") -> str:
    rows = "".join(
        f"{agency} | a record | | Za{chr(97 + n // 26)}{chr(97 + n % 26)} | Smith | 2014-01-01 | |\n"
        for n in range(count)
    )
    others = "".join(
        f"{name} | nothing | | | | | |\n"
        for name in ("social_care", "schools", "youth_offending", "connexions")
        if name != agency
    )
    return HEADS + rows + others


async def test_records_of_one_child_are_one_line_and_every_agency_has_its_outcome(policy: Policy) -> None:
    criteria = replace(SMITHS, family_name="Sm")
    async with scene(policy, TWO, question=DUTY) as on:
        part = await search(on, criteria)
    assert names(part) == [{"Zara Smith", "Zara Smyth-Smith"}, {"Zak Smith"}]
    outcomes = {answer.agency: answer.outcome for answer in part.agencies}
    assert outcomes == {
        "social_care": Outcome.HELD,
        "health": Outcome.HELD,
        "schools": Outcome.NOTHING_HELD,
        "youth_offending": Outcome.NOTHING_HELD,
        "connexions": Outcome.NO_ANSWER,
    }
    assert part.completeness is not None
    assert not part.completeness.complete
    assert part.more_people == 0


async def test_who_does_not_fit_is_dropped_and_counted_as_over_answering(policy: Policy) -> None:
    async with scene(policy, TWO, question=DUTY) as on:
        part = await search(on, replace(SMITHS, given_name="Zak"))
    assert names(part) == [{"Zak Smith"}]
    assert {answer.agency: answer.unasked_rows for answer in part.agencies if answer.unasked_rows} == {
        "social_care": 1,
        "health": 1,
    }


async def test_agencies_are_told_the_criteria_and_no_person(policy: Policy) -> None:
    async with scene(policy, TWO, question=DUTY) as on:
        await search(on)
        (ask,) = on.hub.agencies["health"].asks
    assert (ask.criteria.family_name, ask.criteria.given_name) == ("Smi", "Za")
    assert not ask.person.ListFields()
    assert ask.looking.most_people == 200


async def test_the_record_says_which_criteria_were_given_and_never_their_values(policy: Policy) -> None:
    async with scene(policy, TWO, question=DUTY) as on:
        await search(on)
        entries = [entry.body for entry in on.disk.entries]
        (intent,), (page,) = on.disk.of_kind("intent"), on.disk.of_kind("searched")
    assert intent["criteria"] == ["given_name", "family_name", "born_from", "born_to"]
    assert intent["person"] == []
    assert (page["people"], page["more"]) == (2, 0)
    assert not any(value in body for body in entries for value in ("Smi", "Zar", "2014-03-09"))


@pytest.mark.parametrize("fails_at", ["intent", "disclosure", "searched"])
async def test_what_cannot_be_recorded_is_not_shown(policy: Policy, fails_at: str) -> None:
    async with scene(policy, TWO, question=DUTY, fails_at=fails_at) as on:
        with pytest.raises(Exception, match="record"):
            await search(on)
        assert not on.session.held()


async def test_people_are_shown_page_by_page_and_each_page_is_recorded_first(policy: Policy) -> None:
    async with scene(policy, many(45), question=DUTY) as on:
        first = await search(on)
        pages = [first, await more(on, request_id(first)), await more(on, request_id(first))]
        assert [len(names(page)) for page in pages] == [20, 20, 5]
        assert [page.more_people for page in pages] == [25, 5, 0]
        shown = [next(iter(one)) for page in pages for one in names(page)]
        assert shown == sorted(shown)
        assert [(entry["people"], entry["more"]) for entry in on.disk.of_kind("searched")] == [
            (20, 25),
            (20, 5),
            (5, 0),
        ]
        assert [entry["records"] for entry in on.disk.of_kind("disclosure")] == [20, 20, 5]
        (whole,) = on.session.view(request_id(first)).parts
        assert len(names(whole)) == 45
        with pytest.raises(NotHeld):
            await more(on, request_id(first))


async def test_a_page_that_cannot_be_recorded_is_not_shown_and_comes_again(policy: Policy) -> None:
    async with scene(policy, many(30), question=DUTY) as on:
        first = await search(on)
        on.disk.fails_at = "searched"
        with pytest.raises(Exception, match="record"):
            await more(on, request_id(first))
        assert len(names(on.session.view(request_id(first)).parts[0])) == 20


async def test_pages_that_were_not_shown_go_with_the_answer(policy: Policy) -> None:
    async with scene(policy, many(30), question=DUTY) as on:
        first = await search(on)
        on.session.close(request_id(first))
        with pytest.raises(NotHeld):
            await more(on, request_id(first))


async def test_what_is_closed_while_a_page_is_recorded_is_not_shown(policy: Policy) -> None:
    async with scene(policy, many(30), question=DUTY) as on:
        first = await search(on)
        on.disk.after["searched"] = lambda: on.session.close(request_id(first))
        with pytest.raises(NotHeld):
            await more(on, request_id(first))


async def test_a_search_that_finds_too_many_people_is_refused_with_advice_and_recorded(policy: Policy) -> None:
    two = many(120) + many(120, "social_care").replace("Smith", "Smithers").removeprefix(HEADS)
    async with scene(policy, two.replace("social_care | nothing | | | | | |\n", ""), question=DUTY) as on:
        with pytest.raises(InvalidRequest) as refused:
            await search(on)
        assert refused.value.reason == "SEARCH_TOO_WIDE"
        assert "postcode area" in refused.value.mend
        assert not on.session.held()
    assert [entry["reason"] for entry in on.disk.of_kind("refusal")] == ["SEARCH_TOO_WIDE"]


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        (Criteria(), "CRITERIA_MISSING"),
        (Criteria(family_name="Smith"), "SEARCH_TOO_WIDE"),
        (Criteria(school="St Mary's", postcode_area="BL1", gp_practice="Central"), "SEARCH_TOO_WIDE"),
        (Criteria(family_name="S%", given_name="Ann", school="Mary"), "CRITERION_TOO_SHORT"),
    ],
)
async def test_a_search_that_is_too_wide_asks_nobody_and_is_recorded(
    policy: Policy, criteria: Criteria, reason: str
) -> None:
    async with scene(policy, TWO, question=DUTY) as on:
        with pytest.raises(InvalidRequest) as refused:
            await search(on, criteria)
        assert refused.value.reason == reason
        assert not any(agency.asks for agency in on.hub.agencies.values())
    assert [entry["reason"] for entry in on.disk.of_kind("refusal")] == [reason]


async def test_whoever_has_not_been_granted_the_register_cannot_search(policy: Policy) -> None:
    worker = replace(DUTY, level="social_worker")
    async with scene(policy, TWO, question=worker) as on:
        with pytest.raises(NotAllowed):
            await search(on)


async def test_criteria_and_a_person_do_not_go_together(policy: Policy) -> None:
    async with scene(policy, TWO, question=DUTY) as on:
        both = replace(asked(), nhs_number="9990000018")
        with pytest.raises(InvalidRequest, match="names nobody"):
            await anext(on.hub.asking.ask(on.session, both))
        basics = asked(question=replace(DUTY, question="child_basics", about="nhs:A"))
        with pytest.raises(InvalidRequest, match="one person"):
            await anext(on.hub.asking.ask(on.session, basics))


async def test_a_shielded_person_is_absent_as_if_unknown(policy: Policy) -> None:
    hidden = TWO.replace("health | a record | nhs:B | Zak | Smith | 2014-05-01 | BL2 2AB |\n", "")
    shielded = TWO.replace("2014-05-01 | BL2 2AB |", "2014-05-01 | BL2 2AB | person")
    parts = []
    for sources in (hidden, shielded):
        async with scene(policy, sources, question=DUTY) as on:
            part = await search(on, replace(SMITHS, family_name="Sm"))
            parts.append((names(part), [a.outcome for a in part.agencies], [a.dropped for a in part.agencies]))
    assert parts[0] == parts[1]


async def test_a_protected_address_is_not_told_by_being_found(policy: Policy) -> None:
    protected = TWO.replace("2014-05-01 | BL2 2AB |", "2014-05-01 | BL2 2AB | address")
    async with scene(policy, protected, question=DUTY) as on:
        part = await search(on, replace(SMITHS, postcode_area="BL2"))
        told = {answer.agency: answer for answer in part.agencies}
    # Another child of that agency does not fit, and is all that it is blamed for.
    assert told["health"].records is None
    assert told["health"].dropped == 1


async def test_an_emergency_that_was_opened_for_one_person_opens_no_search(policy: Policy) -> None:
    protected = TWO.replace("| 2014-05-01 | BL2 2AB |", "| 2014-05-01 | BL2 2AB | person")
    question = replace(DUTY, glass="yes")
    async with scene(policy, protected, question=question) as on:
        with pytest.raises(NotAllowed) as refused:
            _ = [part async for part in on.hub.asking.ask(on.session, asked(question=question))]
        assert refused.value.reason == "BREAK_GLASS_FOR_ONE_PERSON"
        assert not on.hub.agencies["health"].asks
    assert [entry["reason"] for entry in on.disk.of_kind("refusal")] == ["BREAK_GLASS_FOR_ONE_PERSON"]
