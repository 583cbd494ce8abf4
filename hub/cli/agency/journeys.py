"""What administrators do with agencies' certificates."""

from hub.cli.agency import screens
from hub.cli.calling import with_hub
from hub.cli.errors import CommandError
from hub.cli.folder import TARGET, ClientFolder
from hub.cli.place import Place
from hub.client import agency_documents


def list_agencies(place: Place) -> None:
    """Show how the agencies stand."""
    found = with_hub(place, lambda hub: hub.agencies.all())
    place.show(agency_documents.agencies_document(found), lambda console: screens.show_agencies(console, found))


def add(place: Place, agency: str, address: str) -> None:
    """Make a token, and show it; it leads to the hub by the same way as the administrator's, unless told otherwise."""
    where = address or ClientFolder(path=place.folder).address().target
    if not TARGET.fullmatch(where):
        mend = "Write it as in --address hub.example.org:7443"
        raise CommandError("ADDRESS_UNFIT", "That is not a machine, a colon and a port.", mend=mend)
    made = with_hub(place, lambda hub: hub.agencies.add(agency))
    token = agency_documents.spell_token(agency, made, where)
    place.show(
        agency_documents.token_document(agency, token, made.expires_at_ms),
        lambda console: screens.show_token(console, agency, token, made.expires_at_ms),
    )


def suspend(place: Place, agency: str) -> None:
    """Suspend an agency."""
    ended = with_hub(place, lambda hub: hub.agencies.suspend(agency))
    place.show(
        agency_documents.changed_document(agency, "suspended", ended),
        lambda console: screens.show_suspended(console, agency, ended),
    )


def resume(place: Place, agency: str) -> None:
    """Let an agency connect again."""
    with_hub(place, lambda hub: hub.agencies.resume(agency))
    place.show(
        agency_documents.changed_document(agency, "admitted", 0), lambda console: screens.show_resumed(console, agency)
    )


def revoke(place: Place, agency: str) -> None:
    """Revoke an agency's certificates."""
    ended = with_hub(place, lambda hub: hub.agencies.revoke(agency))
    place.show(
        agency_documents.changed_document(agency, "revoked", ended),
        lambda console: screens.show_revoked(console, agency, ended),
    )
