"""Reads a manifest from its file and says everything that is wrong with it at once, with file, line and mend."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from adapters.kit.dot_env import read_dot_env
from adapters.kit.errors import ManifestError
from adapters.kit.json_paths import path_fault
from adapters.kit.manifest import (
    DocumentRecords,
    FhirRecords,
    FileRecords,
    FilesSource,
    Manifest,
    RestRecords,
    SqlRecords,
)
from adapters.kit.mapping import Paged, PagedByCursor, PagedByLink, Part
from adapters.kit.marked_yaml import MarkedTree, Place, read_marked
from adapters.kit.oneroster_mapping import RosterRecords
from adapters.kit.python_mapping import PythonRecords
from adapters.kit.soap_mapping import SoapRecords
from adapters.kit.suggesting import did_you_mean
from adapters.kit.veto_records import blame_vetoes, with_vetoes

KINDS = "'sql', 'rest', 'fhir', 'oneroster', 'soap', 'files', 'python'"


def load_manifest(file: Path, environment: Mapping[str, str]) -> Manifest:
    """Read and validate a manifest; raises ManifestError with every fault.

    What its placeholders stand for is in the environment, or else in `.env` beside it.
    """
    beside, faults = read_dot_env(file.parent)
    marked = read_marked(file, {**beside, **environment})
    marked.faults += faults
    manifest = None
    if not isinstance(marked.tree, dict):
        if not marked.faults:
            marked.blame(1, "the manifest is empty, or not a mapping", "Begin with `manifest: 1`.")
    else:
        try:
            manifest = Manifest.model_validate(marked.tree, context={"folder": file.parent})
        except ValidationError as refused:
            for error in refused.errors(include_input=False, include_url=False):
                _blame(marked, error)
        else:
            _check_across(marked, manifest)
    if marked.faults or manifest is None:
        raise ManifestError(sorted(marked.faults, key=lambda fault: fault.line))
    return with_vetoes(manifest)


def place_of(file: Path, environment: Mapping[str, str], setting: str) -> Path:
    """Read only where the `journal` or the `health` file is; raises ManifestError where that cannot be told.

    Whatever else is wrong, a password that is not set here above all, keeps nobody from stopping answers. Placeholders
    stand for the same as when the whole is read: who stops answers must not stop those of another journal.
    """
    beside, _ = read_dot_env(file.parent)
    marked = read_marked(file, {**beside, **environment})
    place = marked.tree.get(setting) if isinstance(marked.tree, dict) else None
    line = marked.line_of((setting,))
    if isinstance(place, str) and place and all(fault.line != line for fault in marked.faults):
        return file.parent / place
    if not marked.faults:
        marked.blame(line, f"`{setting}` is missing", "Say here where that file is.")
    raise ManifestError(marked.faults)


def _blame(marked: MarkedTree, error: ErrorDetails) -> None:
    place: Place = error["loc"]
    last = str(place[-1]) if place else "manifest"
    context = error.get("ctx", {})
    line = marked.line_of(place)
    match error["type"]:
        case "missing":
            marked.blame(line, f"`{last}` is missing", "Add it here.")
        case "extra_forbidden":
            marked.blame(
                line, f"`{last}` is not a setting of this part", did_you_mean(last, _words(Part), "Remove it.")
            )
        case "fault":
            marked.blame(line, str(context["what"]), str(context["mend"]))
        case "union_tag_not_found" | "union_tag_invalid":
            choices = context.get("expected_tags", KINDS)
            marked.blame(
                line, f"{context.get('discriminator', 'kind')} is missing or unknown", f"Write one of {choices}."
            )
        case _:
            marked.blame(line, f"`{last}` does not fit: {error['msg'].lower()}", "Mend this value.")


def _words(part: type[BaseModel]) -> set[str]:
    """List every setting of every part of a manifest."""
    own = {field.alias or name for name, field in part.model_fields.items()}
    return own.union(*(_words(child) for child in part.__subclasses__()))


def _check_across(marked: MarkedTree, manifest: Manifest) -> None:
    """Blame what only shows when several parts are seen together."""
    unknown = list(manifest.unknown_routes())
    for question, route, known in unknown:
        mend = did_you_mean(route, known, f"There are: {', '.join(known)}.")
        marked.blame(marked.line_of(("questions", question)), f"there is no record set `{route}`", mend)
    if not unknown:
        blame_vetoes(marked, manifest)
    _check_secrets(marked, ("hub",), manifest.hub.secrets())
    for name, source in manifest.sources.items():
        if not isinstance(source, FilesSource):
            _check_secrets(marked, ("sources", name), source.secrets())
        for records_name, records in source.records.items():
            place: Place = ("sources", name, "records", records_name)
            match records:
                case SqlRecords() | FileRecords():
                    _check_joins(marked, place, [join.name for join in records.joins])
                case RestRecords() | FhirRecords() | RosterRecords() | SoapRecords() | PythonRecords():
                    _check_paths(marked, place, records)
                case _:
                    assert_never(records)


def _check_joins(marked: MarkedTree, place: Place, names: Sequence[str]) -> None:
    """Blame two joins of one name."""
    for index, name in enumerate(names):
        if name in names[:index]:
            line = marked.line_of((*place, "joins", index))
            marked.blame(line, f"two joins are called `{name}`", "Give one another name with `as`.")


def _check_paths(marked: MarkedTree, place: Place, records: DocumentRecords) -> None:
    """Blame everything that should be a JSONPath and is not."""
    for where, path in _paths(records):
        fault = path_fault(path)
        if fault:
            line = marked.line_of((*place, *where))
            marked.blame(line, f"this is not a JSONPath: {fault}", 'Write it as in "$.name[0].family".')


def _paths(records: DocumentRecords) -> Iterator[tuple[Place, str]]:
    """List every JSONPath of a record set with its place."""
    if isinstance(records, RestRecords | SoapRecords):
        yield ("rows",), records.rows
        yield from ((("related", name, "rows"), part.rows) for name, part in records.related.items())
        yield from ((("related", name, "belongs_to"), part.belongs_to) for name, part in records.related.items()
                    if part.belongs_to is not None)  # fmt: skip
    if isinstance(records, RestRecords):
        yield from ((("paging", name), path) for name, path in _paths_of_paging(records.paging))
    if isinstance(records, RosterRecords):
        yield from ((("related", name, "by"), part.by) for name, part in records.related.items() if part.by is not None)
    if records.record_id is not None:
        yield ("record_id",), records.record_id
    if records.record_date is not None and records.record_date.path is not None:
        yield ("record_date",), records.record_date.path
    yield from ((("fields", name), part.path) for name, part in records.fields.items() if part.path is not None)
    if records.terms is not None:
        yield from ((("terms", *name.split(".")), form.path) for name, form in records.terms.forms() if form.path)
    yield from ((("withhold_when", path), path) for path in records.withhold_when)
    yield from ((("only_when", path), path) for path in records.only_when)


def _paths_of_paging(paging: Paged | None) -> Iterator[tuple[str, str]]:
    if isinstance(paging, PagedByLink):
        yield "link", paging.link
    if isinstance(paging, PagedByCursor):
        yield "cursor", paging.cursor
    if paging is not None and paging.total is not None:
        yield "total", paging.total


def _check_secrets(marked: MarkedTree, place: Place, secrets: Iterable[tuple[str, ...]]) -> None:
    """Blame a secret that stands in the manifest itself, where it would be copied with it."""
    for where in secrets:
        if (*place, *where) not in marked.filled:
            line = marked.line_of((*place, *where))
            mend = "Write `${NAME}`, and set NAME in the environment of the adapter."
            marked.blame(line, f"`{where[-1]}` stands in the manifest itself", mend)
