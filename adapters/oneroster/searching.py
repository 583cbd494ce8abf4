"""Searches users, and joins them with demographics by what was asked of those."""

from collections.abc import Mapping, Sequence

from adapters.kit.documents import Document, DocumentSet, all_of
from adapters.kit.json_paths import compile_path
from adapters.kit.looking import as_written
from adapters.kit.oneroster_mapping import DEMOGRAPHICS, Belonging, RosterRecords
from adapters.kit.reader import Looking, Match
from adapters.kit.searching import NotSearched, Search
from adapters.oneroster import filters
from adapters.oneroster.filters import Condition, filter_of
from adapters.oneroster.service import RosterRecord, RosterService, id_in

USERS, ROLES, ROLE = "users", "roles", "role"
PATHS: Mapping[str, str] = {"student": "students", "teacher": "teachers"}
"""Roles that have a collection of their own."""
FIRST_TO_FILTER = ("date_of_birth", "family_name", "given_name")
"""Names are filtered by in this order, since a filter takes two conditions and a day of birth leaves fewest people."""


class UserSearch:
    """Searches the users of one record set."""

    def __init__(self, service: RosterService, records: RosterRecords, documents: DocumentSet) -> None:
        """Take the service, the record set as the manifest describes it, and what is made of it."""
        self._service = service
        self._records = records
        self._documents = documents
        self._keys = records.keys.mapped()
        self.path = PATHS.get(records.role or "", USERS)
        self._references = self._begins_of_references()

    async def users(self, match: Match, fields: tuple[str, ...], deadline: float) -> list[Document]:
        """Find users; the kit compares them with what was looked for."""
        wanted = dict(match.wanted)
        selection = self.selection(fields)
        if match.looking is Looking.ANY:
            filters = [self._own_filter([name], wanted) for name in wanted]
            searches = [self._filtered(one, selection, deadline) for one in filters if one is not None]
            return [user for users in await all_of(searches) for user in users]
        names = [name for name in FIRST_TO_FILTER if name in wanted]
        users_filter = self._own_filter(names, wanted)
        born = [self._demographic(name, wanted[name]) for name in names if self._keys[name].of_demographics]
        if users_filter is None:
            return []
        if not born:
            return await self._filtered(users_filter, selection, deadline)
        # Both at once and always both: what is asked must not depend on whether somebody of this name is known.
        searches = [self._filtered(users_filter, selection, deadline), self._born(born, deadline)]
        return _joined(*await all_of(searches))

    async def fitting(self, search: Search, deadline: float) -> list[Document]:
        """Find users whose names hold what is searched for; the kit compares them with every criterion.

        Raises NotSearched where nothing of the users themselves is given: a service cannot be asked for the users of
        some demographics.
        """
        names = [name for name in ("family_name", "given_name") if name in search.wanted and name in self._keys]
        held = [filters.held_in(self._keys[name].place, search.wanted[name]) for name in names]
        born = self._keys.get("date_of_birth")
        if "born_from" in search.wanted and born is not None and born.of_demographics is None and born.date is None:
            held += filters.between(born.place, search.wanted["born_from"], search.wanted["born_to"])
        wanted = filters.joined(held)
        if wanted is None:
            raise NotSearched
        return list(await self._filtered(wanted, self.selection(search.read), deadline))

    def selection(self, fields: tuple[str, ...]) -> frozenset[str] | None:
        """List the properties of users that are read; None where that may be any."""
        begins = self._documents.begins(fields)
        if begins is None or self._references is None:
            return None
        return begins | self._references | ({ROLES} if self._records.role is not None else frozenset())

    def has_role(self, user: RosterRecord) -> bool:
        """Tell whether a user has the role of the record set."""
        held = user.get(ROLES)
        roles = [one.get(ROLE) for one in held if isinstance(one, dict)] if isinstance(held, list) else []
        return self._records.role is None or self._records.role in roles

    async def _filtered(self, wanted: str, selection: frozenset[str] | None, deadline: float) -> list[RosterRecord]:
        users = await self._service.all(self.path, deadline, envelope=USERS, wanted=wanted, selection=selection)
        return [user for user in users if self.has_role(user)]

    async def _born(self, conditions: Sequence[Condition], deadline: float) -> list[RosterRecord]:
        """Find who has these demographics: their ids, and nothing of them but what was asked."""
        selection = {name.partition(".")[0] for name, _ in conditions}
        return await self._service.all(
            DEMOGRAPHICS, deadline, envelope=DEMOGRAPHICS, wanted=filter_of(conditions), selection=selection
        )

    def _own_filter(self, names: Sequence[str], wanted: Mapping[str, str]) -> str | None:
        own = [name for name in names if self._keys[name].of_demographics is None]
        return filter_of((self._keys[name].place, as_written(self._keys[name], wanted[name])) for name in own)

    def _demographic(self, name: str, value: str) -> Condition:
        key = self._keys[name]
        return key.of_demographics or key.place, as_written(key, value)

    def _begins_of_references(self) -> frozenset[str] | None:
        """List where the references stand that are followed from a user; None where that may be anywhere."""
        parts = [part for part in self._records.related.values() if part.resource in (Belonging.ORGS, Belonging.USERS)]
        begins = {compile_path(part.references).begins for part in parts}
        return None if None in begins else frozenset(filter(None, begins))


def _joined(users: Sequence[RosterRecord], born: Sequence[RosterRecord]) -> list[Document]:
    """Put demographics into the users whose they are; users of whom there are none are not who is looked for."""
    by_id = {id_in(one): one for one in born}
    return [{**user, DEMOGRAPHICS: by_id[id_in(user)]} for user in users if id_in(user) in by_id]
