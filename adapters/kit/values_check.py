"""Looks, for `adapter check`, whether the first values of a source are what its mapping takes them for; tells none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from stdnum.gb import nhs, upn

from adapters.kit.converting import ALWAYS_DATES, ISO_DAY, RECORD_DATE, conversion
from adapters.kit.findings import IDENTIFIERS, TYPES
from adapters.kit.looking import as_written
from adapters.kit.mapping import IDENTIFIER_KEYS, ISO, ColumnField, ColumnKey, Conversion, Key, PathField
from adapters.kit.reader import Finding
from adapters.kit.record_sets import Records

MOST_VALUES = 200
"""How many values of each place are looked at."""
ENOUGH_TO_TELL = 10
"""Of so many identifiers some are valid, unless it is another column than the one that was meant."""
DAY_OF_BIRTH = "date_of_birth"
WAYS = (ISO, "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d/%m/%y", "%Y/%m/%d", "%m/%d/%Y")
IS_VALID: Mapping[str, Callable[[str], bool]] = {"nhs_number": nhs.is_valid, "upn": upn.is_valid}

AnyRecords = Records[Any, Any]
Seen = Mapping[str, Sequence[str]]
"""The texts that a place, a column or a JSONPath, was seen to hold; empty ones are left out."""


def places_to_see(records: AnyRecords) -> tuple[str, ...]:
    """List the places whose values a check looks at."""
    places = [place for name, part in _parts(records) if _is_looked_at(name, part) for place in _places(part)]
    places += [key.place for _, key in _column_keys(records)]
    return tuple(dict.fromkeys(places))


def check_values(name: str, records: AnyRecords, seen: Seen) -> list[Finding]:
    """Compare what was seen with the mapping: days, codes, and the check digits of identifiers."""
    problems = [*_types(name, records, seen), *_keys(name, records, seen)]
    good = TYPES.ok(f"{name}: days and codes fit the first {MOST_VALUES} values of each place")
    looked = any(seen.get(place) for place in places_to_see(records))
    return [*(problems or ([good] if looked else [])), *_identifiers(name, records, seen)]


def _types(name: str, records: AnyRecords, seen: Seen) -> Iterator[Finding]:
    for field, part in _parts(records):
        texts = [text for place in _places(part) for text in seen.get(place, ())]
        convert = conversion(field, part)
        if not texts or convert is None or field in IDENTIFIER_KEYS:
            continue
        unread = sum(not convert(text) for text in texts)
        if unread and _is_day(field, part):
            yield _unfit_days(f"{name}: `{field}`", _places(part)[0], part.date or [ISO], texts, unread)
        elif unread and part.values is not None and part.otherwise is None:
            what = f"{name}: {unread} of the first {len(texts)} codes in `{_places(part)[0]}` are not listed"
            mend = f"List them under `values` of `{field}`, or say what they count as with `otherwise`."
            yield TYPES.note(what, mend)


def _keys(name: str, records: AnyRecords, seen: Seen) -> Iterator[Finding]:
    """Say which keys would never be met, since the source writes them in another way than they are looked for."""
    for field, key in _column_keys(records):
        texts = seen.get(key.place, ())
        if field == DAY_OF_BIRTH:
            unmet = sum(not _is_met(text, key) for text in texts)
            if unmet:
                yield _unmet_days(name, key, texts, unmet)
        elif field in IDENTIFIER_KEYS:
            unmet = sum(as_written(key, _compact(text)) != text for text in texts)
            if unmet:
                said = f"as `{key.written}`" if key.written is not None else "without blanks"
                what = f"{name}: {unmet} of the first {len(texts)} in `{key.place}` are not written {said}"
                mend = f'Nobody is found by these: say `written` of the key `{field}`, as in "### ### ####".'
                yield (TYPES.fault if unmet == len(texts) else TYPES.note)(what, mend)


def _identifiers(name: str, records: AnyRecords, seen: Seen) -> Iterator[Finding]:
    """Say which share of the identifiers is valid."""
    for field in IDENTIFIER_KEYS:
        part = records.fields.get(field)
        place = next(iter(_places(part)), None) if part is not None else None
        texts = seen.get(place or "", ())
        if not texts or field not in IS_VALID:
            continue
        valid = sum(IS_VALID[field](_compact(text)) for text in texts)
        what = f"{name}: {valid} of the first {len(texts)} in `{place}` are valid as `{field}`"
        if valid == len(texts):
            yield IDENTIFIERS.ok(what)
        elif valid or len(texts) < ENOUGH_TO_TELL:
            yield IDENTIFIERS.note(what, "Records join on valid identifiers only; mend the others at their source.")
        else:
            yield IDENTIFIERS.fault(what, f"Is `{place}` the column that was meant?")


def _unmet_days(name: str, key: ColumnKey, texts: Sequence[str], unmet: int) -> Finding:
    said = f"written `{key.date}`" if key.date is not None else "a day as a database has it"
    what = f"{name}: nobody is found by {unmet} of the first {len(texts)} days in `{key.place}`, which are not {said}"
    likely = next(
        (way for way in WAYS[1:] if all(_is_met(text, key.model_copy(update={"date": way})) for text in texts)), None
    )
    if likely is not None:
        mend = f"Say so under `keys`: date_of_birth: {{column: {key.place}, {_setting(likely)[1:-1]}}}"
    elif all(_fits(text, ISO) for text in texts):
        mend = "Take `date` away under `keys`, or say `%Y-%m-%d` if it is a column of text."
    else:
        mend = "Say with `date` under `keys` how they are written: letter by letter, leading zeros included."
    return (TYPES.fault if unmet == len(texts) else TYPES.note)(what, mend)


def _unfit_days(what: str, place: str, ways: Sequence[str], texts: Sequence[str], unread: int) -> Finding:
    said = ", ".join(f"`{way}`" for way in ways)
    whole = f"{what}: {unread} of the first {len(texts)} days in `{place}` do not fit {said}"
    likely = next((way for way in WAYS if way not in ways and all(_fits(text, way) for text in texts)), None)
    mend = (
        f"They fit {_setting(likely)}."
        if likely
        else "Say with `date` how the system writes them; a list is tried in order."
    )
    return (TYPES.fault if unread == len(texts) else TYPES.note)(whole, mend)


def _setting(way: str) -> str:
    return f"`date: {way}`" if way == ISO else f'`date: "{way}"`'


def _fits(text: str, way: str) -> bool:
    """Tell whether a text is a day that is written in one way."""
    convert = conversion(RECORD_DATE, Conversion(date=[way]))
    return convert is not None and bool(convert(text))


def _is_met(text: str, key: Key) -> bool:
    """Tell whether a day is found again when it is looked for as a key says: letter by letter."""
    if key.date is None:
        return len(text) == ISO_DAY and _fits(text, ISO)
    try:
        day = datetime.strptime(text, key.date).date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return False
    return as_written(key, day.isoformat()) == text


def _compact(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def _is_day(field: str, part: Conversion) -> bool:
    return part.date is not None or (field in ALWAYS_DATES and part.values is None)


def _is_looked_at(field: str, part: Conversion) -> bool:
    return _is_day(field, part) or part.values is not None or field in IDENTIFIER_KEYS


def _parts(records: AnyRecords) -> Iterator[tuple[str, Conversion]]:
    """List what is read, with its name: fields, the record's date, and the days of its terms."""
    yield from records.fields.items()
    if records.record_date is not None:
        yield RECORD_DATE, records.record_date
    if records.terms is not None and records.terms.consent is not None:
        yield from ((f"consent.{name}", form) for name, form in records.terms.consent.days if form is not None)


def _places(part: Conversion) -> tuple[str, ...]:
    match part:
        case ColumnField():
            # Of several columns each holds a piece, which is neither a day nor a code.
            return part.names if len(part.names) == 1 else ()
        case PathField():
            return (part.path,) if part.path is not None else ()
        case _:
            return ()


def _column_keys(records: AnyRecords) -> Iterator[tuple[str, ColumnKey]]:
    """List the keys that are columns; what an HTTP source is asked by is a parameter, and holds nothing."""
    for name, key in records.keys.mapped().items():
        if isinstance(key, ColumnKey):
            yield name, key
