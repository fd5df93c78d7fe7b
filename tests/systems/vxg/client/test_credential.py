"""What a user pastes, and what can be read from it (sections 2.1 and 2.2)."""

import base64
import json
import random

import pytest

from custom_components.gatehouse.systems.vxg.client import Credential, CredentialKind

from .support import CHANNEL_TOKEN, GROUP_TOKEN, KEY, token_of

#: As the reference prints them.
PRINTED_CHANNEL = (
    "eyJjYW1pZCI6IDEwMDEwMSwgImNtbmdyaWQiOiAxMDAyMDEsICJhY2Nlc3MiOiAiYWxsIiwgInRva2VuIjogInNoYXJlLm"
    "V5SnphU0k2SURReU5ESjkuNjZhMGYwMDB0YmMxZmFiMDAuQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwgImFwaSI6"
    "ICJ2eGcuZXhhbXBsZS50ZXN0IiwgImFwaV9wIjogODMsICJhcGlfc3AiOiA4NiwgImNhbSI6ICJjYW0udnhnLmV4YW1wbG"
    "UudGVzdCIsICJjYW1fcCI6IDg4ODgsICJjYW1fc3AiOiA4ODgzfQ=="
)
PRINTED_GROUP = (
    "eyJ0b2tlbiI6ICJzaGFyZS5leUp6YVNJNklEUXlOREo5LjY2YTBmMDAwdGJjMWZhYjAwLkFBQUFBQUFBQUFBQUFBQUFBQU"
    "FBQUFBQUFBQSIsICJhcGkiOiAidnhnLmV4YW1wbGUudGVzdCJ9"
)


def test_a_printed_channel_token_tells_its_camera_and_its_cloud() -> None:
    assert Credential.read(PRINTED_CHANNEL) == Credential(
        CredentialKind.CHANNEL,
        PRINTED_CHANNEL,
        camera_id=100101,
        manager_id=100201,
        is_full=True,
        host="vxg.example.test",
        http_port=83,
        https_port=86,
    )


def test_a_printed_group_token_names_no_camera() -> None:
    credential = Credential.read(PRINTED_GROUP)
    assert credential.kind is CredentialKind.GROUP
    assert credential.camera_id is None
    assert credential.host == "vxg.example.test"
    assert (credential.http_port, credential.https_port) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "srv.0f5a7be1",
        "co.00ff00ff",
        "",
        "not base64 at all",
        "Schlüssel",
        "\ud800",
        base64.b64encode(b"plain bytes").decode(),
        base64.b64encode(b"[1, 2]").decode(),
        base64.b64encode(b"7").decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        token_of(camid=1, access="all"),
        token_of(camid=1, token=""),
        token_of(camid=1, token=None),
        token_of(camid=1, token={"share": "x"}),
    ],
)
def test_whatever_is_no_token_is_a_licence_key(text: str) -> None:
    credential = Credential.read(text)
    assert credential.kind is CredentialKind.LICENCE
    assert credential.is_full
    assert credential.host is None


@pytest.mark.parametrize(
    ("secret", "word"), [(KEY, "LKey"), (CHANNEL_TOKEN, "Acc"), (GROUP_TOKEN, "SI")]
)
def test_the_header_has_the_kind_and_one_space_before_the_secret(secret: str, word: str) -> None:
    assert Credential.read(secret).header == f"{word} {secret}"


def test_line_breaks_and_blanks_of_a_mail_are_taken_out() -> None:
    broken = f"  {CHANNEL_TOKEN[:40]}\r\n{CHANNEL_TOKEN[40:80]} \t{CHANNEL_TOKEN[80:]}\n"
    assert Credential.read(broken) == Credential.read(CHANNEL_TOKEN)


@pytest.mark.parametrize(
    ("access", "is_full"), [("all", True), ("watch", False), ("live", False), ("", True)]
)
def test_a_token_is_full_unless_it_says_otherwise(access: str, *, is_full: bool) -> None:
    assert Credential.read(token_of(camid=1, token="share.x", access=access)).is_full is is_full
    assert Credential.read(token_of(token="share.x", access=access)).is_full is is_full


def test_a_token_that_does_not_speak_of_access_is_full() -> None:
    assert Credential.read(token_of(camid=1, token="share.x")).is_full


@pytest.mark.parametrize("path", ["vxg/cloud", "/vxg/cloud", "/vxg/cloud/", "vxg/cloud/"])
def test_a_path_may_have_slashes_around_it(path: str) -> None:
    assert Credential.read(token_of(token="share.x", path=path)).path == "vxg/cloud"


def test_numbers_may_be_text() -> None:
    credential = Credential.read(
        token_of(camid="12", cmngrid="13", api_p="83", api_sp="86", token="share.x")
    )
    assert (credential.camera_id, credential.manager_id) == (12, 13)
    assert (credential.http_port, credential.https_port) == (83, 86)


@pytest.mark.parametrize("secret", [KEY, CHANNEL_TOKEN, GROUP_TOKEN])
def test_its_text_does_not_tell_the_secret(secret: str) -> None:
    credential = Credential.read(secret)
    assert secret not in repr(credential)
    assert secret not in str(credential)
    assert "share." not in repr(credential)


def test_a_token_of_any_shape_can_be_read() -> None:
    rng = random.Random(2)
    names = ("camid", "cmngrid", "access", "token", "api", "api_p", "api_sp", "path")
    odd = (None, True, -1, 2**70, 0.5, "", " x ", "9" * 5000, [], {}, [["a"]], "\u0000")
    for _ in range(500):
        fields = {name: rng.choice(odd) for name in rng.sample(names, rng.randint(0, len(names)))}
        text = base64.b64encode(json.dumps(fields).encode()).decode()
        assert Credential.read(text).secret == text
    for _ in range(500):
        Credential.read("".join(chr(rng.randrange(0xD800)) for _ in range(rng.randint(0, 40))))


def test_a_token_that_lost_its_last_signs_is_still_a_token() -> None:
    text = base64.b64encode(b'{"token": "share.a", "camid": 7}').decode()
    assert text.endswith("=")
    read = Credential.read(text.rstrip("="))
    assert (read.kind, read.secret) == (CredentialKind.CHANNEL, text)


@pytest.mark.parametrize(
    ("access", "is_full"),
    [('["live", "play"]', False), ('["all"]', True), ('"watch"', False), ('"all"', True)],
)
def test_rights_may_be_a_list(access: str, is_full: bool) -> None:
    text = base64.b64encode(f'{{"token": "share.a", "access": {access}}}'.encode()).decode()
    assert Credential.read(text).is_full is is_full
