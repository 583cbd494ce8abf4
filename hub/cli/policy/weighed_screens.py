"""What was worked out about a policy, for people: a difference, an explanation, a rehearsal, reviews that fall due."""

from rich.console import Console

from hub.cli.policy.weighed import Document, Row, documents, moment, number, part, text, texts
from hub.cli.tables import cell, heading, lines, make_table, sentence


def show_difference(console: Console, difference: Document) -> None:
    """Paint who gains, who loses, and what else changes."""
    gains, losses = documents(difference, "gains"), documents(difference, "losses")
    others, opens = documents(difference, "others"), texts(difference, "opens")
    if not (gains or losses or others):
        sentence(console, "Nothing changes: both say the same.")
        return
    _show_sentences(console, "Who gains", gains, "green")
    _show_sentences(console, "Who loses", losses, "yellow")
    _show_others(console, others)
    console.print()
    opened, loosened = ", ".join(opens), ", ".join(texts(difference, "loosens"))
    sentence(console, f"It opens records of: {opened}." if opens else "It opens no agency's records.", "bold")
    if loosened:
        sentence(console, f"It takes protections away from records of: {loosened}.", "bold red")


def show_explanation(console: Console, explanation: Document) -> None:
    """Paint the verdict, every rule that was considered, and what becomes of each class."""
    sentence(console, text(explanation, "verdict"), "bold")
    for said in texts(explanation, "sentences"):
        sentence(console, f"- {said}")
    classes = part(explanation, "classes")
    if classes:
        console.print()
        table = make_table(("Class", "May be seen", "Because"), widths=(2, 2, 6))
        for name in classes:
            found = part(classes, name)
            is_allowed = found.get("allowed") is True
            verdict = cell("yes", "green") if is_allowed else cell("no", "yellow")
            table.add_row(cell(name), verdict, cell(text(found, "because")))
        console.print(table)


def show_rehearsal(console: Console, rehearsal: Document) -> None:
    """Paint how many questions would come out otherwise, and which; nothing of a case is among it."""
    again, changed = number(rehearsal, "put_again"), number(rehearsal, "changed")
    sentence(console, f"Of the last {again} questions, {changed} would come out otherwise.", "bold")
    if unsure := number(rehearsal, "unsure"):
        sentence(console, f"Of {unsure} more it cannot be told: who asked them is not recorded well enough.")
    changes = documents(rehearsal, "changes")
    if not changes:
        return
    console.print()
    table = make_table(("Request", "Question", "For", "Who", "What changes"), widths=(3, 3, 3, 3, 5))
    for change in changes:
        who = f"{text(change, 'level')} ({text(change, 'agency')})"
        told = text(change, "sentence")
        table.add_row(
            cell(text(change, "request")),
            cell(text(change, "question")),
            cell(text(change, "purpose")),
            cell(who),
            lines([*([told] if told else []), *_fields(change, "gains"), *_fields(change, "losses")]),
        )
    console.print(table)


def show_reviews(console: Console, reviews: Document) -> None:
    """Paint which agreements and which emergency publications await somebody's look."""
    agreements, emergencies = documents(reviews, "agreements"), documents(reviews, "emergencies")
    if not (agreements or emergencies):
        sentence(console, "Nothing falls due.")
    if agreements:
        table = make_table(("Agreement", "State", "Review", "In force until (UTC)"), widths=(5, 2, 2, 3))
        for one in agreements:
            name = f"{text(one, 'title')} ({text(one, 'id')})"
            table.add_row(cell(name), cell(text(one, "state")), cell(moment(one, "review")), cell(moment(one, "until")))
        console.print(table)
    for one in emergencies:
        console.print()
        overdue = "; it is OVERDUE" if one.get("is_overdue") is True else ""
        sentence(
            console,
            f"Publication {number(one, 'number')} of {moment(one, 'at')} by {text(one, 'publisher')} was an emergency: "
            f"{text(one, 'emergency')} Its review is due by {moment(one, 'due')}{overdue}.",
            "bold red" if overdue else "yellow",
        )
        sentence(console, f"  hub policy review {number(one, 'number')} justified|not_justified|training")


def _show_sentences(console: Console, title: str, changes: list[Document], style: str) -> None:
    if not changes:
        return
    heading(console, title)
    for change in changes:
        sentence(console, f"- {text(change, 'sentence') or _worded(Row.read(change))}", style)


def _show_others(console: Console, others: list[Document]) -> None:
    """Paint what changes beside the matrix; a protection that is loosened stands out."""
    if not others:
        return
    heading(console, "What else changes")
    table = make_table(("Where", "From", "To", ""), widths=(5, 4, 4, 2))
    for change in others:
        match change.get("is_looser"):
            case True:
                verdict = cell("LOOSER", "bold red")
            case False:
                verdict = cell("stricter", "green")
            case _:
                verdict = cell("")
        table.add_row(cell(text(change, "place")), cell(text(change, "old")), cell(text(change, "new")), verdict)
    console.print(table)


def _worded(row: Row) -> str:
    purposes, classes = ", ".join(row.purposes), ", ".join(row.classes)
    return f"{row.office}: {row.question}, of {row.source}, for {purposes}; sees {classes}; {row.when}."


def _fields(change: Document, key: str) -> list[str]:
    """Say which fields of which agency a question would gain or lose."""
    word = "more" if key == "gains" else "less"
    by_agency = part(change, key)
    return [f"{agency}, {word}: {', '.join(texts(by_agency, agency)) or 'all of it'}" for agency in by_agency]
