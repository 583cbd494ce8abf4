"""What hub.toml says of an issuer, checked, and the issuer that comes of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.accounts.oidc.addresses import is_safe
from hub.accounts.oidc.issuer import Issuer, Signing
from hub.errors import Fault, SettingsError

# What people can change themselves, or what an organisation gives to somebody else later, names no one for long.
_PASSING_CLAIMS = frozenset({"email", "name", "nickname", "phone_number", "preferred_username", "unique_name", "upn"})

Word = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[!-~]([ -~]*[!-~])?$")]


def _issuer_address(url: str) -> str:
    if not is_safe(url, loopback=True) or "?" in url:
        raise ValueError("it is no https address (http is for 127.0.0.1 and [::1] alone)")
    return url


def _redirect(url: str) -> str:
    if not is_safe(url, loopback=False):
        raise ValueError("it is no https address; a program on the requester's own machine needs no entry")
    return url


def _scopes(scopes: tuple[str, ...]) -> tuple[str, ...]:
    if "openid" not in scopes:
        raise ValueError('"openid" has to be among them')
    return scopes


def _lasting(claim: str) -> str:
    if claim in _PASSING_CLAIMS:
        raise ValueError("people can change this claim, or it passes to others; choose one that never does")
    return claim


class IssuerSettings(BaseModel):
    """One OpenID Connect issuer through which people may sign in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    issuer: Annotated[str, AfterValidator(_issuer_address)]
    client_id: Word
    client_secret: Path | None = None
    scopes: Annotated[tuple[Word, ...], AfterValidator(_scopes)] = ("openid",)
    subject_claim: Annotated[Word, AfterValidator(_lasting)] = "sub"
    strong_acr: tuple[Word, ...] = ()
    algorithms: Annotated[tuple[Signing, ...], Field(min_length=1)] = (Signing.RS256, Signing.ES256)
    redirects: tuple[Annotated[str, AfterValidator(_redirect)], ...] = ()


def all_different(issuers: tuple[IssuerSettings, ...]) -> tuple[IssuerSettings, ...]:
    """Return the issuers as they are; raise ValueError when two of them could be taken for one."""
    for said in ({issuer.id for issuer in issuers}, {issuer.issuer for issuer in issuers}):
        if len(said) < len(issuers):
            raise ValueError("two of them have the same id or the same issuer")
    return issuers


def known_issuers(described: Iterable[IssuerSettings], folder: Path) -> tuple[Issuer, ...]:
    """Return the issuers, their secrets read; raise SettingsError for every secret that cannot be read.

    `folder` is the deployment's, to which the paths of secrets are relative.
    """
    found: list[Issuer] = []
    faults: list[Fault] = []
    for said in described:
        try:
            found.append(_issuer(said, _secret(said.client_secret, folder)))
        except ValueError as error:
            what = f"issuers.client_secret of {said.id} {error}"
            file = folder / (said.client_secret or "")
            faults.append(Fault(file=file, line=1, what=what, mend="Write the secret there that the issuer gave."))
    if faults:
        raise SettingsError(faults)
    return tuple(found)


def _secret(file: Path | None, folder: Path) -> str | None:
    if file is None:
        return None
    try:
        secret = (folder / file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot be read ({type(error).__name__})") from None
    if not secret:
        raise ValueError("is empty")
    return secret


def _issuer(said: IssuerSettings, secret: str | None) -> Issuer:
    return Issuer(
        id=said.id,
        title=said.title,
        url=said.issuer,
        client_id=said.client_id,
        client_secret=secret,
        scopes=said.scopes,
        subject_claim=said.subject_claim,
        strong_acr=frozenset(said.strong_acr),
        algorithms=said.algorithms,
        redirects=frozenset(said.redirects),
    )
