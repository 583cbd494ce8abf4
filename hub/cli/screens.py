"""What the lesser commands show to people: the menu, what is held, and how the hub is doing."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from sharing.v1 import questions_pb2, status_pb2

from hub.cli.grounds.banner import style_of
from hub.cli.tables import cell, heading, lines, make_table, sentence
from hub.client.documents import spell_breaker, spell_swap
from hub.client.moments import spell_for_people


def show_closed(console: Console, dropped: int) -> None:
    """Paint what was dropped."""
    sentence(console, dropped_words(dropped))


def show_menu(console: Console, menu: questions_pb2.MenuResponse) -> None:
    """Paint the questions that may be asked, with the words to type."""
    if not menu.questions:
        sentence(console, "Your access level may not ask any question.")
        return
    for question in menu.questions:
        heading(console, question.id)
        sentence(console, question.wording)
        if question.kind == questions_pb2.QUESTION_KIND_INDICATOR:
            sentence(console, "It says how many agencies hold something, and shows no records.")
        if question.step_up:
            sentence(console, "Some of it is shown only after a second factor: hub stepup.", "yellow")
        table = make_table(("", ""), widths=(1, 6))
        table.show_header = False
        table.add_row(cell("--purpose"), lines(_choices(question.purposes)))
        table.add_row(cell("--basis"), lines(_choices(question.lawful_bases)))
        if question.special_conditions:
            table.add_row(cell("--condition"), lines(_choices(question.special_conditions)))
        if question.grounds:
            table.add_row(cell("--ground"), lines(map(_ground, question.grounds)))
        if question.less_intrusive:
            table.add_row(cell("ask first"), lines(_choices(question.less_intrusive)))
        table.add_row(cell("asks"), cell(_titles(question.agencies)))
        table.add_row(cell("returns"), cell(_titles(question.fields)))
        console.print(table)
    console.print()
    sentence(console, f"Policy {menu.policy_version}. Ask with, for example:")
    sentence(console, f"  hub ask {menu.questions[0].id} --nhs-number … --purpose … --basis … --case …")


def show_held(console: Console, held: questions_pb2.ListHeldResponse) -> None:
    """Paint which answers the hub holds for the session."""
    for request_id in held.withdrawn:
        sentence(console, f"{request_id} was taken back: what you may see has changed since you asked.", "yellow")
    if not held.held:
        sentence(console, "The hub holds no answers for you.")
        return
    table = make_table(("Request", "Question", "Case", "Asked at (UTC)"))
    table.columns[0].no_wrap = True  # it is there to be copied
    for answer in held.held:
        table.add_row(
            cell(answer.request_id),
            cell(answer.question),
            cell(answer.case_reference),
            cell(spell_for_people(answer.asked_at_ms)),
        )
    console.print(table)
    console.print()
    sentence(console, "See one again: hub view REQUEST. Drop one: hub close REQUEST. Drop all: hub close --all.")


def show_status(console: Console, status: status_pb2.GetStatusResponse) -> None:
    """Paint how the hub is doing."""
    sentence(
        console,
        f"Hub {status.hub_version}, policy {status.policy_version} (publication {status.publication}), serving since "
        f"{spell_for_people(status.started_at_ms)}; {status.sessions} open sessions, "
        f"{status.held_answers} held answers.",
    )
    _show_hardening(console, status.hardening)
    show_notices(console, status.notices)
    console.print()
    table = make_table(("Agency", "Links", "Breaker", "Faults", "Receipts"), widths=(4, 7, 2, 2, 3))
    for agency in status.agencies:
        links = lines(_link(link) for link in agency.links) if agency.links else cell("not connected", "bold red")
        breaker = spell_breaker(agency.breaker).replace("_", " ")
        table.add_row(
            cell(agency.title or agency.agency),
            links,
            cell(breaker, "" if breaker == "closed" else "yellow"),
            cell(str(agency.faults), "yellow" if agency.faults else ""),
            _receipts(agency),
        )
    console.print(table)
    for agency in filter(lambda one: one.disputes_log, status.agencies):
        sentence(
            console,
            f"{agency.title or agency.agency} says that the hub's log is not what it was. Stop sharing, keep the hub's "
            "data as it is, and compare the log with what the agency's journal holds.",
            "bold red",
        )


def show_notices(console: Console, notices: Iterable[str]) -> None:
    """Paint what everybody must know."""
    for notice in notices:
        sentence(console, f"Notice: {notice}", style_of(notice))


def _receipts(agency: status_pb2.AgencyStatus) -> Text:
    """Say how much of what the hub recorded of an agency its journal does not hold yet."""
    if not agency.HasField("receipts_outstanding"):
        return cell("not known", "yellow")
    outstanding = agency.receipts_outstanding
    return cell(f"{outstanding} to come" if outstanding else "all there")


def _show_hardening(console: Console, hardening: status_pb2.Hardening) -> None:
    """Paint how well the hub forgets; whatever is missing stands out, with its mend."""
    sentence(
        console,
        f"Freed memory is {'' if hardening.overwrites_freed_memory else 'not '}overwritten; "
        f"core dumps are {'off' if hardening.core_dumps_are_off else 'not off'}; other programs "
        f"{'cannot' if hardening.memory_is_private else 'can'} read the hub's memory; "
        f"swap is {spell_swap(hardening.swap)}.",
    )
    for loss in hardening.losses:
        sentence(console, f"Warning: {loss}", "bold yellow")


def _link(link: status_pb2.LinkStatus) -> str:
    return (
        f"{link.program}, since {spell_for_people(link.connected_at_ms)}, asked {link.asked}, waiting {link.in_flight}"
    )


def _choices(choices: Iterable[questions_pb2.Choice]) -> list[str]:
    return [f"{choice.id}: {choice.title}" if choice.title else choice.id for choice in choices]


def _titles(choices: Iterable[questions_pb2.Choice]) -> str:
    return ", ".join(choice.title or choice.id for choice in choices)


def dropped_words(dropped: int) -> str:
    """Say how many answers were dropped."""
    match dropped:
        case 0:
            return "The hub held no answers for you."
        case 1:
            return "The hub held 1 answer for you and has dropped it."
        case _:
            return f"The hub held {dropped} answers for you and has dropped them."


def _ground(ground: questions_pb2.Ground) -> str:
    officer = ", if the agency's designated officer confirms it" if ground.needs_officer else ""
    return f"{ground.id}: {ground.title}{officer}"
