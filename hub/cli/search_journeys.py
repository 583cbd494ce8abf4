"""What the commands for the register do once their words are understood."""

from datetime import UTC, datetime

from rich.console import Console
from sharing.v1 import questions_pb2, records_pb2

from hub.cli.calling import with_hub
from hub.cli.errors import CommandError
from hub.cli.person import Why
from hub.cli.place import Place, open_console
from hub.cli.progress import show_progress
from hub.cli.showing import show_answer
from hub.cli.tables import cell
from hub.client import documents
from hub.client.answer import Answer
from hub.client.assembling import assemble
from hub.client.client import HubClient
from hub.errors import InvalidRequest
from hub.model.criteria import Criteria, checked
from hub.model.request import case_reference


def search(place: Place, question: str, criteria: Criteria, why: Why) -> None:
    """Search, and show the first page of whoever fits."""
    request = make_search(question, criteria, why, datetime.now(UTC))

    async def look(hub: HubClient) -> tuple[Answer, int]:
        parts = []
        with show_progress(None if place.as_json else open_console()) as progress:
            async for part in hub.ask(request):
                parts.append(part)
                progress.add(part)
        return assemble(parts), parts[-1].more_people

    _show(place, *with_hub(place, look))


def more(place: Place, request_id: str) -> None:
    """Show the next page; what it shows stands with the agencies' outcomes, as the first page did."""

    async def look(hub: HubClient) -> tuple[Answer, int]:
        page = await hub.more(request_id)
        return assemble([on_its_own(page, await hub.view(request_id))]), page.more_people

    _show(place, *with_hub(place, look))


def on_its_own(page: questions_pb2.AnswerPart, whole: questions_pb2.AnswerPart) -> questions_pb2.AnswerPart:
    """Put a page in the place of all that has been shown: the same opening and outcomes, and only its rows."""
    told = {agency.agency: agency for agency in page.agencies}
    alone = questions_pb2.AnswerPart(joining=page.joining, more_people=page.more_people)
    alone.opening.CopyFrom(whole.opening)
    alone.completeness.CopyFrom(whole.completeness)
    # Rows are numbered in the order of the page's agencies, so those come first and in that order.
    alone.agencies.extend(page.agencies)
    for agency in whole.agencies:
        if agency.agency not in told:
            rest = alone.agencies.add()
            rest.CopyFrom(agency)
            rest.ClearField("records")
            rest.ClearField("consents")
            rest.ClearField("consent_of_row")
    return alone


def make_search(question: str, criteria: Criteria, why: Why, at: datetime) -> questions_pb2.AskRequest:
    """Make the request; raise CommandError at the first thing that cannot be right, before the hub is asked."""
    try:
        sent = checked(criteria, at.date())
        case = case_reference(why.case)
    except InvalidRequest as error:
        raise CommandError(error.reason, error.message, mend=error.mend, field=error.field) from None
    return questions_pb2.AskRequest(
        question=question,
        criteria=records_pb2.Criteria(**{name: getattr(sent, name) for name in sent.given}),
        purpose=why.purpose,
        lawful_basis=why.basis,
        case_reference=case,
    )


def _show(place: Place, answer: Answer, left: int) -> None:
    def show(console: Console) -> None:
        show_answer(console, answer)
        if left:
            console.print(cell(f"{left} more people fit. Next page: hub more {answer.request_id}"), soft_wrap=True)

    place.show({**documents.answer_document(answer), "more_people": left}, show)
