"""Which addresses may be spoken to and which a browser may be sent back to."""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST_ADDRESS = 512
_VISIBLE = re.compile(r"[!-\[\]-~]+")
# Programs on the requester's own machine listen on a port that was free (RFC 8252, section 7.3). A name such as
# "localhost" may lead elsewhere, so that only the two numbers count.
_OWN_MACHINE = re.compile(r"http://(127\.0\.0\.1|\[::1\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")


def is_safe(url: str, *, loopback: bool) -> bool:
    """Tell whether a secret may be sent there: https, or http to a loopback number where that is allowed."""
    if len(url) > LONGEST_ADDRESS or not _VISIBLE.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and _is_loopback(host))


def is_loopback_http(url: str) -> bool:
    """Tell whether an address is on this machine, where http is as good as https."""
    return urlsplit(url).scheme == "http" and is_safe(url, loopback=True)


def is_own_machine(redirect: str) -> bool:
    """Tell whether a browser would be sent back to a program on the requester's own machine."""
    return len(redirect) <= LONGEST_ADDRESS and _OWN_MACHINE.fullmatch(redirect) is not None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
