import pytest

from hub.accounts.oidc.discovery import Endpoints, read_endpoints, where_published
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.issuer import Issuer

FAR = Issuer(id="far", title="Far", url="https://far.example", client_id="hub")


def document(**changes: object) -> dict[str, object]:
    return {
        "issuer": "https://far.example",
        "authorization_endpoint": "https://far.example/authorize",
        "token_endpoint": "https://elsewhere.far.example/token",
        "jwks_uri": "https://far.example/keys",
        **changes,
    }


def test_an_issuer_may_be_spread_over_several_hosts() -> None:
    assert read_endpoints(document(), FAR) == Endpoints(
        authorization="https://far.example/authorize",
        token="https://elsewhere.far.example/token",
        keys="https://far.example/keys",
        names_itself=False,
        secret_in_form=False,
    )


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:7444/", "http://[::1]/", "http://far.example/"])
def test_an_issuer_elsewhere_cannot_make_the_hub_speak_to_its_own_machine(name: str, url: str) -> None:
    with pytest.raises(Flawed) as flawed:
        read_endpoints(document(**{name: url}), FAR)
    assert flawed.value.flaw is Flaw.ADDRESS


def test_a_slash_at_the_end_of_an_issuer_is_not_doubled() -> None:
    assert where_published(FAR) == "https://far.example/.well-known/openid-configuration"
    slashed = Issuer(id="far", title="Far", url="https://far.example/", client_id="hub")
    assert where_published(slashed) == "https://far.example/.well-known/openid-configuration"
