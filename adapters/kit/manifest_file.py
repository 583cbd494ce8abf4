"""Reads a manifest from its file and says everything that is wrong with it at once, with file, line and mend."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from adapters.kit.errors import ManifestError
from adapters.kit.json_paths import path_fault
from adapters.kit.manifest import FilesSource, Manifest, SqlSource
from adapters.kit.mapping import Conversion, Key, Part, PathField, Records
from adapters.kit.marked_yaml import MarkedTree, Place, read_marked
from adapters.kit.suggesting import did_you_mean


def load_manifest(file: Path, environment: Mapping[str, str]) -> Manifest:
    """Read and validate a manifest; raises ManifestError with every fault."""
    marked = read_marked(file, environment)
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
    return manifest


def _blame(marked: MarkedTree, error: ErrorDetails) -> None:
    place: Place = error["loc"]
    last = str(place[-1]) if place else "manifest"
    context = error.get("ctx", {})
    line = marked.line_of(place)
    match error["type"]:
        case "missing":
            marked.blame(line, f"`{last}` is missing", "Add it here.")
        case "extra_forbidden":
            marked.blame(line, f"`{last}` is not a setting of this part", did_you_mean(last, _words(Part), "Remove it."))
        case "fault":
            marked.blame(line, str(context["what"]), str(context["mend"]))
        case "union_tag_not_found" | "union_tag_invalid":
            choices = context.get("expected_tags", "'sql', 'rest', 'fhir', 'files'")
            marked.blame(line, f"{context.get('discriminator', 'kind')} is missing or unknown", f"Write one of {choices}.")
        case _:
            marked.blame(line, f"`{last}` does not fit: {error['msg'].lower()}", "Mend this value.")


def _words(part: type[BaseModel]) -> set[str]:
    """List every setting of every part of a manifest."""
    own = {field.alias or name for name, field in part.model_fields.items()}
    return own.union(*(_words(child) for child in part.__subclasses__()))


def _check_across(marked: MarkedTree, manifest: Manifest) -> None:
    """Blame what only shows when several parts are seen together."""
    for question, route, known in manifest.unknown_routes():
        mend = did_you_mean(route, known, f"There are: {', '.join(known)}.")
        marked.blame(marked.line_of(("questions", question)), f"there is no record set `{route}`", mend)
    for name, source in manifest.sources.items():
        for records_name, records in source.records.items():
            place: Place = ("sources", name, "records", records_name)
            if isinstance(source, SqlSource | FilesSource):
                _check_columns(marked, place, records)  # type: ignore[arg-type]  # read only, so the narrower parts do
            else:
                _check_paths(marked, place, records)  # type: ignore[arg-type]  # read only, so the narrower parts do


def _check_columns(marked: MarkedTree, place: Place, records: Records[Key, Conversion]) -> None:
    """Blame two joins of one name."""
    names = [join.name for join in getattr(records, "joins", [])]
    for index, name in enumerate(names):
        if name in names[:index]:
            marked.blame(marked.line_of((*place, "joins", index)), f"two joins are called `{name}`", "Give one another name with `as`.")


def _check_paths(marked: MarkedTree, place: Place, records: Records[Key, Conversion]) -> None:
    """Blame everything that should be a JSONPath and is not."""
    paths: list[tuple[Place, str | None]] = [(("rows",), getattr(records, "rows", None)), (("record_id",), records.record_id)]
    paths += [(("fields", name), field.path) for name, field in records.fields.items() if isinstance(field, PathField)]
    paths += [(("related", name, "rows"), getattr(part, "rows", None)) for name, part in getattr(records, "related", {}).items()]
    paths += [(("withhold_when", path), path) for path in records.withhold_when]
    paths += [(("only_when", path), path) for path in records.only_when]
    paths.append((("paging", "link"), getattr(getattr(records, "paging", None), "link", None)))
    if isinstance(records.record_date, PathField):
        paths.append((("record_date",), records.record_date.path))
    for where, path in paths:
        fault = path_fault(path) if path is not None else None
        if fault:
            marked.blame(marked.line_of((*place, *where)), f"this is not a JSONPath: {fault}", 'Write it as in "$.name[0].family".')


