"""Where the API may be: what the user says, what a token says, and never without TLS by itself."""

import itertools
import random

import pytest

from custom_components.gatehouse.systems.vxg.client import (
    Address,
    Credential,
    VxgSettings,
    addresses,
)

from .support import KEY, token_of

HOST = "web.example.test"
LICENCE = Credential.read(KEY)


def token(**fields: object) -> Credential:
    return Credential.read(token_of(camid=1, token="share.x", **fields))


def urls(credential: Credential, url: str | None = None) -> list[str]:
    return [address.base_url for address in addresses(credential, url)]


@pytest.mark.parametrize(
    ("typed", "base_url"),
    [
        (HOST, f"https://{HOST}:443"),
        (f"  {HOST}\n", f"https://{HOST}:443"),
        (f"{HOST}:8443", f"https://{HOST}:8443"),
        (f"https://{HOST}", f"https://{HOST}:443"),
        (f"https://{HOST}/", f"https://{HOST}:443"),
        (f"http://{HOST}", f"http://{HOST}:80"),
        (f"http://{HOST}:83/", f"http://{HOST}:83"),
        (f"HTTPS://{HOST.upper()}", f"https://{HOST}:443"),
        (f"https://{HOST}/vxg/cloud/", f"https://{HOST}:443/vxg/cloud"),
        (f"https://{HOST}/api/v2/cameras/", f"https://{HOST}:443"),
        (f"https://{HOST}/vxg/api/v3/channels/?limit=1", f"https://{HOST}:443/vxg"),
        (f"https://{HOST}/docs/v2.html#top", f"https://{HOST}:443"),
        (f"https://{HOST}:9004/backchannel/abc/", f"https://{HOST}:9004/backchannel/abc"),
        (f"https://somebody:secret@{HOST}/", f"https://{HOST}:443"),
        ("192.0.2.10:86", "https://192.0.2.10:86"),
        ("[2001:db8::1]:86", "https://[2001:db8::1]:86"),
        ("http://[2001:db8::1]", "http://[2001:db8::1]:80"),
    ],
)
def test_a_typed_address_is_read(typed: str, base_url: str) -> None:
    address = Address.read(typed)
    assert address
    assert address.base_url == base_url


@pytest.mark.parametrize(
    "typed",
    ["", " ", "https://", "//", "ftp://host", "host:port", "host:99999", "http://[::1", "::1"],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert Address.read(typed) is None


def test_no_text_makes_the_reader_fail() -> None:
    rng = random.Random(3)
    parts = ("http://", "https://", "[", "]", ":", "@", "/", "a", "é", "%", "\x00", " ", "443", ".")
    for _ in range(2000):
        text = "".join(rng.choices(parts, k=rng.randint(0, 8)))
        address = Address.read(text)
        assert address is None or address.base_url


def test_a_licence_key_alone_says_nothing_of_a_host() -> None:
    assert urls(LICENCE) == []


def test_a_host_alone_is_asked_where_a_cloud_and_where_a_server_listens() -> None:
    assert urls(LICENCE, HOST) == [f"https://{HOST}:443", f"https://{HOST}:86"]


def test_a_path_is_kept_at_both_ports() -> None:
    assert urls(LICENCE, f"{HOST}/vxg") == [
        f"https://{HOST}:443/vxg",
        f"https://{HOST}:86/vxg",
        f"https://{HOST}:443",
    ]


@pytest.mark.parametrize("url", [f"https://{HOST}:86", f"http://{HOST}:83", f"http://{HOST}"])
def test_a_port_or_scheme_that_was_typed_is_the_only_one(url: str) -> None:
    address = Address.read(url)
    assert address
    rich = token(api="other.example.test", api_p=83, api_sp=86, path="x")
    for credential in (LICENCE, rich):
        assert addresses(credential, url) == (address,)


def test_what_cannot_be_read_is_not_replaced_by_what_a_token_says() -> None:
    assert urls(token(api=HOST), "https://") == []


def test_a_token_tells_host_port_and_path() -> None:
    assert urls(token(api=HOST, api_p=83, api_sp=86, path="/vxg/")) == [
        f"https://{HOST}:86/vxg",
        f"https://{HOST}:443",
    ]


def test_a_token_without_ports_means_the_usual_one() -> None:
    assert urls(token(api=HOST)) == [f"https://{HOST}:443"]
    assert urls(token(api=HOST, path="vxg")) == [f"https://{HOST}:443/vxg", f"https://{HOST}:443"]


def test_a_token_of_the_dashboard_names_no_host_so_that_the_user_has_to() -> None:
    dashboard = token(api_p=80, api_sp=443)
    assert urls(dashboard) == []
    assert urls(dashboard, HOST) == [f"https://{HOST}:443", f"https://{HOST}:86"]


def test_a_host_that_was_typed_wins_over_the_tokens() -> None:
    old = token(api="old.example.test", api_sp=8443, path="vxg")
    assert urls(old, HOST) == [
        f"https://{HOST}:443",
        f"https://{HOST}:86",
        f"https://{HOST}:8443/vxg",
    ]


def test_a_token_whose_only_port_is_plain_is_tried_with_tls_first() -> None:
    assert urls(token(api=HOST, api_p=83)) == [
        f"https://{HOST}:443",
        f"https://{HOST}:83",
        f"http://{HOST}:83",
    ]


def test_without_tls_only_where_somebody_says_so() -> None:
    """Whoever can close one port must not get the secret at another."""
    typed = (None, HOST, f"https://{HOST}", f"{HOST}:443", f"{HOST}:86", f"{HOST}/vxg", "")
    for url, plain, tls, path in itertools.product(typed, (None, 80, 83), (None, 443, 86), ("x",)):
        fields = {"api": HOST, "api_p": plain, "api_sp": tls, "path": path}
        for address in addresses(token(**fields), url or None):
            assert address.use_https or (plain and not tls and address.port == plain)
        assert all(address.use_https for address in addresses(LICENCE, url or None))


def test_no_address_is_tried_twice() -> None:
    for url, tls in itertools.product((None, HOST, f"{HOST}:443"), (None, 86, 443)):
        found = urls(token(api=HOST, api_sp=tls), url)
        assert len(found) == len(set(found))


def test_settings_do_not_tell_the_secret() -> None:
    settings = VxgSettings(Address(HOST, 443, use_https=True), LICENCE, "ab" * 32)
    assert KEY not in repr(settings)
    assert "abab" not in repr(settings)
