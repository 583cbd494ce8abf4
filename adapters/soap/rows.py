"""Says whether a reply can have what a path of rows names."""

from adapters.kit.json_paths import names_along
from adapters.soap.schema import Missed, follow
from adapters.soap.service import SoapService


def type_of_rows(service: SoapService, operation: str, path: str) -> object | Missed | None:
    """Find the type of the rows, or the name in their path that no reply has; None where the WSDL does not say."""
    return follow(service.operation(operation).output.body.type, names_along(path))


def missed_rows(service: SoapService, operation: str, path: str) -> Missed | None:
    """Give the name in the path of rows that no reply has, if there is one."""
    found = type_of_rows(service, operation, path)
    return found if isinstance(found, Missed) else None
