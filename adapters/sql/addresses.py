"""Puts a database's address together; a password that stands apart from it may have any characters."""

import sqlalchemy as sa

from adapters.kit.manifest import DatabaseAddress


def address_of(described: DatabaseAddress) -> sa.URL:
    """Give the address with the account; what stands apart goes before what stands in the URL."""
    url = sa.make_url(described.url)
    if described.user is None and described.password is None:
        return url
    return url.set(username=described.user or url.username, password=described.password or url.password)
