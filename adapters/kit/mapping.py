"""The parts of a manifest that say where a key, a field or a condition is found in a back-office system."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

IDENTIFIER_KEYS = ("nhs_number", "upn", "uln", "local_number")
NAME_KEYS = ("family_name", "given_name", "date_of_birth")
PLACE_KEYS = ("postcode",)
ISO = "iso"

WORD_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
Word = Annotated[str, StringConstraints(pattern=WORD_PATTERN)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Conditions = dict[Name, list[str]]


def mend_needed(what: str, mend: str) -> PydanticCustomError:
    """Make the error that a validator raises: what is wrong, and how to mend it."""
    return PydanticCustomError("fault", "{what}", {"what": what, "mend": mend})


class Part(BaseModel):
    """Is any part of a manifest: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, regex_engine="python-re")


class Pick(StrEnum):
    """Which of several matches of a JSONPath is meant."""

    FIRST = "first"
    LAST = "last"
    GREATEST = "greatest"
    LEAST = "least"
    JOINED = "joined"
    COUNT = "count"


class Conversion(Part):
    """How a value of the system becomes a value of the catalogue."""

    constant: str | None = None
    values: dict[str, str] | None = None
    otherwise: str | None = None
    date: list[str] | None = None
    separator: str = ", "

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("date"), str):
            return {**given, "date": [given["date"]]}
        return given

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.otherwise is not None and self.values is None:
            raise mend_needed("`otherwise` stands without `values`", "List the codes under `values`.")
        if self.values is not None and self.date is not None:
            raise mend_needed("`date` and `values` exclude each other", "Keep one of them.")
        for written in self.date or ():
            if written != ISO and not {"d", "m"} <= {piece[:1] for piece in written.split("%")[1:]}:
                raise mend_needed("`date` does not say where day and month stand", 'Write `iso`, or as in "%d/%m/%Y".')
        return self


class ColumnField(Conversion):
    """A catalogue field that is a column, or several."""

    column: Name | None = None
    columns: list[Name] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [part for part in (self.column, self.columns, self.constant) if part is not None]
        if len(given) != 1:
            raise mend_needed("a field has exactly one of `column`, `columns`, `constant`", "Give one of them.")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """List the columns that are read."""
        return (self.column,) if self.column is not None else tuple(self.columns or ())


class PathField(Conversion):
    """A catalogue field that a JSONPath finds."""

    path: Name | None = None
    pick: Pick = Pick.FIRST

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"path": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.path is None) == (self.constant is None):
            raise mend_needed("a field has exactly one of `path`, `constant`", "Give one of them.")
        return self


class Key(Part, ABC):
    """How the system writes what a person is looked for by."""

    written: Annotated[str, StringConstraints(pattern="#")] | None = None
    date: str | None = None

    @property
    @abstractmethod
    def place(self) -> str:
        """Name the column or the parameter."""


class ColumnKey(Key):
    """A column that holds a key."""

    column: Name

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"column": given} if isinstance(given, str) else given

    @property
    def place(self) -> str:
        """Name the column."""
        return self.column


class ParameterKey(Key):
    """A search parameter that takes a key."""

    parameter: Name

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"parameter": given} if isinstance(given, str) else given

    @property
    def place(self) -> str:
        """Name the parameter."""
        return self.parameter


class FhirKey(ParameterKey):
    """A search parameter of Patient, with the identifier's system where it has one."""

    system: Name | None = None


K = TypeVar("K", bound=Key)


class Keys(Part, Generic[K]):
    """What a person can be looked for by."""

    nhs_number: K | None = None
    upn: K | None = None
    uln: K | None = None
    local_number: K | None = None
    family_name: K | None = None
    given_name: K | None = None
    date_of_birth: K | None = None
    postcode: K | None = None

    @model_validator(mode="after")
    def _usable(self) -> Self:
        mapped = self.mapped()
        names = [name for name in NAME_KEYS if name in mapped]
        if not set(mapped) - set(PLACE_KEYS):
            raise mend_needed("no key is mapped, so nobody can be looked for", "Map `nhs_number`, `upn`, or the names.")
        if names and len(names) < len(NAME_KEYS):
            missing = " and ".join(f"`{name}`" for name in NAME_KEYS if name not in mapped)
            raise mend_needed(f"names are looked for together with {missing}", f"Map {missing} as well.")
        for name, key in mapped.items():
            if key.written is not None and name not in IDENTIFIER_KEYS:
                raise mend_needed(f"`written` does not apply to `{name}`", "It is for identifiers only.")
            if key.date is not None and name != "date_of_birth":
                raise mend_needed(f"`date` does not apply to `{name}`", "It is for `date_of_birth` only.")
        return self

    def mapped(self) -> Mapping[str, K]:
        """List the keys that are mapped."""
        named = {name: getattr(self, name) for name in (*IDENTIFIER_KEYS, *NAME_KEYS, *PLACE_KEYS)}
        return {name: key for name, key in named.items() if key is not None}


class Wider(Part):
    """How a record set may be looked through for what is only nearly what is asked."""

    width: Literal["normalised", "fuzzy"]
    by: Annotated[
        list[Annotated[list[Literal["family_name", "given_name", "date_of_birth", "postcode"]], Field(min_length=1)]],
        Field(max_length=4, default_factory=list),
    ]


class Join(Part):
    """What hangs on a record in another table or file."""

    on: Annotated[dict[Name, Name], Field(min_length=1, max_length=4)]
    optional: bool = False


class TableJoin(Join):
    """A joined table or view."""

    table: Name
    as_: Annotated[Name | None, Field(alias="as")] = None

    @property
    def name(self) -> str:
        """Give the name under which its columns are mapped."""
        return self.as_ or self.table


class FileJoin(Join):
    """A joined file, or a sheet of one."""

    file: Name
    sheet: Name | None = None
    as_: Annotated[Word, Field(alias="as")]

    @property
    def name(self) -> str:
        """Give the name under which its columns are mapped."""
        return self.as_


class Take(StrEnum):
    """How much of what is related is taken."""

    FIRST = "first"
    ALL = "all"
    EACH = "each"


class Related(Part):
    """What hangs on a record behind another request."""

    take: Take
    optional: bool = False

    @property
    def comes_along(self) -> bool:
        """Tell whether it comes with the search, so that nothing further is asked for it."""
        return False


class OwnedRelated(Related):
    """Says of itself whose it is, where the manifest says by which JSONPath; what is somebody else's is garbage."""

    belongs_to: Name | None = None


class RestRelated(OwnedRelated):
    """More about a record, at an address made of the record's id."""

    path: Name
    rows: Name = "$"

    @model_validator(mode="after")
    def _names_the_record(self) -> Self:
        if "{id}" not in self.path:
            raise mend_needed("the path of something related does not name the record", "Put `{id}` into the path.")
        return self


class FhirRelated(Related):
    """Resources that refer to the Patient."""

    resource: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]+$")]
    by: Name = "patient"
    with_: Annotated[dict[Name, str], Field(alias="with", default_factory=dict)]
    together: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.together and self.with_:
            raise mend_needed("`together` and `with` exclude each other", "Choose in the JSONPath, or ask separately.")
        if self.together and self.take is Take.EACH:
            raise mend_needed("`together` does not go with `take: each`", "Say `all`, or ask separately.")
        return self

    @property
    def comes_along(self) -> bool:
        """Tell whether it comes with the search for the Patient."""
        return self.together


class Paged(Part):
    """Replies that come in pages; where the source says how many rows there are, that many must come."""

    page_size: Annotated[int, Field(ge=1, le=1000)] = 100
    max_pages: Annotated[int, Field(ge=1, le=100)] = 10
    total: Name | None = None


class PagedByNumber(Paged):
    """Pages that are asked for by number until one comes back short."""

    style: Literal["page"]
    page: Name = "page"
    size: Name | None = None
    page_size: Annotated[int, Field(ge=1, le=1000)]
    first: int = 1


class PagedByOffset(Paged):
    """Pages that are asked for by how many rows to pass over, until one comes back short."""

    style: Literal["offset"]
    offset: Name = "offset"
    size: Name = "limit"
    page_size: Annotated[int, Field(ge=1, le=1000)]


class PagedByLink(Paged):
    """Pages of which each holds the address of the next."""

    style: Literal["next"]
    link: Name
    size: Name | None = None


class PagedByHeader(Paged):
    """Pages of which each has the address of the next in its header `Link` (RFC 8288)."""

    style: Literal["link_header"]
    size: Name | None = None


class PagedByCursor(Paged):
    """Pages of which each holds a word with which the next is asked for."""

    style: Literal["cursor"]
    cursor: Name
    parameter: Name = "cursor"
    size: Name | None = None


AnyPaging = Annotated[
    PagedByNumber | PagedByOffset | PagedByLink | PagedByHeader | PagedByCursor, Field(discriminator="style")
]
