"""Signing: the vectors of section 2.4, and the headers of both schemes."""

from dataclasses import replace

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import AuthScheme
from custom_components.gatehouse.systems.enlighted_manage.client.signing import signature, signed

from .support import KEY, settings_for

SEED = ("bob", "6eb6f07fd09b18dd61dd353dfb669820e7859cd3", 1457033811032)
ORDERED = "0123456789abcdef0123456789abcdef01234567"
VECTORS = [
    (*SEED, "e20ac2c963ccfacf23a1f70287286443820e66d1"),
    (*SEED[:2], 1457033811033, "e7527133fe96b5e178f401a27e9c42fdc606c057"),
    ("Bob", *SEED[1:], "03cd2f57224ddfc3955435378a7061201cedefa5"),
    ("admin", ORDERED, 1700000000000, "42fe70d35c482eb3bcdae04e324d71d75aa6df15"),
    ("ha-integration", ORDERED, 1735689600000, "a781d5d52541ec854b8d6fc531eaf009162554ec"),
    (
        "jane.doe@example.com",
        "89abcdef0123456789abcdef0123456789abcdef",
        1735689600123,
        "e29a6041dc1f19efe3e10dff44335c792e5667d7",
    ),
    ("süß", ORDERED, 1700000000000, "5e9cca31b69ddef1533c43d91820b0c0c1c6bb36"),
    ("x", "y", 0, "079f536ef3fe40cfb6b3b35572241b4039247b97"),
]
#: What bob's signature must not be: with a newline, of a capital key, in seconds, in the order
#: of the historical scheme, without the user.
MISTAKES = {
    "488a99fdf554d7161203fa0cbecd2e71092c2c21",
    "856cfa278f59e76cca82479d513dccd554290c1f",
    "edbf30fd4a969e5af5a28a31035b738fb222e43b",
    "4a3ba083ae55cbe7cbedf5f483a9a6e96dc169df",
    "778182975b42cd4576e50ccd6bf7fb3d85ec0e24",
}


@pytest.mark.parametrize(("user", "key", "milliseconds", "expected"), VECTORS)
def test_the_older_scheme_hashes_user_key_and_time(
    user: str, key: str, milliseconds: int, expected: str
) -> None:
    """Gotcha 2: in this order."""
    assert signature(user, key, milliseconds) == expected


def test_no_typical_mistake_is_made() -> None:
    headers = signed(AuthScheme.V4_4, *SEED)
    assert headers["Authorization"] not in MISTAKES
    # Each of them is what that mistake makes of it, so that the set above says something.
    user, key, milliseconds = SEED
    made = {
        signature(user, key, f"{milliseconds}\n"),  # type: ignore[arg-type]  # a mistake
        signature(user, key.upper(), milliseconds),
        signature(user, key, milliseconds // 1000),
        signature(user, str(milliseconds), key),  # type: ignore[arg-type]  # a mistake
        signature("", key, milliseconds),
    }
    assert made == MISTAKES


def test_the_order_of_the_historical_scheme_is_another() -> None:
    """Gotcha 2."""
    assert signature("admin", ORDERED, 1700000000000) != "108c126b5b18ea57f4fe261112c08ebe7184f9b1"


def test_the_headers_of_the_older_scheme() -> None:
    """Gotcha 1: ApiKey holds the user's name, and nothing holds the key."""
    headers = signed(AuthScheme.V4_4, *SEED)
    assert headers == {"ApiKey": "bob", "Authorization": VECTORS[0][3], "ts": "1457033811032"}


def test_the_headers_of_the_newer_scheme() -> None:
    assert signed(AuthScheme.V4_5, *SEED) == {
        "UserId": "bob",
        "Authorization": f"apikey {SEED[1]}",
    }


@pytest.mark.parametrize("scheme", AuthScheme)
@pytest.mark.parametrize("user", ["bob\r\nX: y", "bob\0", "bob\ud800"])
def test_a_name_that_could_end_a_header_is_refused(scheme: AuthScheme, user: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        signed(scheme, user, *SEED[1:])


def test_a_key_that_could_end_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        signed(AuthScheme.V4_5, "bob", "key\r\nX: y", 0)


def test_settings_do_not_show_who_signs_in() -> None:
    text = repr(settings_for(443))
    assert KEY not in text
    assert "integration" not in text


def test_the_origin_of_an_ipv6_address_has_brackets() -> None:
    settings = replace(settings_for(443, use_https=True), host="fe80::1")
    assert settings.origin == "https://[fe80::1]:443"
