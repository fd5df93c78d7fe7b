"""Who is let in, by which scheme, and how others are refused (section 2)."""

import asyncio
from email.utils import parsedate_to_datetime
import ssl

import aiohttp
from cryptography import x509
import pytest

from simulators.enlighted_manage import EnlightedSimulator
from simulators.enlighted_manage.access import sign
from simulators.kit.certificate import SelfSignedCertificate

from .support import FLOORS, Api, sha1

SEED_KEY = "6eb6f07fd09b18dd61dd353dfb669820e7859cd3"
SEED_TS = "1457033811032"
DIGITS = "0123456789abcdef0123456789abcdef01234567"
VECTORS = [
    ("bob", SEED_KEY, SEED_TS, "e20ac2c963ccfacf23a1f70287286443820e66d1"),
    ("bob", SEED_KEY, "1457033811033", "e7527133fe96b5e178f401a27e9c42fdc606c057"),
    ("Bob", SEED_KEY, SEED_TS, "03cd2f57224ddfc3955435378a7061201cedefa5"),
    ("admin", DIGITS, "1700000000000", "42fe70d35c482eb3bcdae04e324d71d75aa6df15"),
    ("ha-integration", DIGITS, "1735689600000", "a781d5d52541ec854b8d6fc531eaf009162554ec"),
    (
        "jane.doe@example.com",
        "89abcdef0123456789abcdef0123456789abcdef",
        "1735689600123",
        "e29a6041dc1f19efe3e10dff44335c792e5667d7",
    ),
    ("süß", DIGITS, "1700000000000", "5e9cca31b69ddef1533c43d91820b0c0c1c6bb36"),
    ("x", "y", "0", "079f536ef3fe40cfb6b3b35572241b4039247b97"),
]
#: Mistakes, and what comes of them for bob: none of it may open anything.
MISTAKES = {
    "a newline is hashed too": "488a99fdf554d7161203fa0cbecd2e71092c2c21",
    "the key in capitals": "856cfa278f59e76cca82479d513dccd554290c1f",
    "seconds": "edbf30fd4a969e5af5a28a31035b738fb222e43b",
    "the order of the scheme before": "4a3ba083ae55cbe7cbedf5f483a9a6e96dc169df",
    "without the user": "778182975b42cd4576e50ccd6bf7fb3d85ec0e24",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector[0]} {vector[2]}")
async def test_known_signatures_open(
    api: Api, manager: EnlightedSimulator, vector: tuple[str, str, str, str]
) -> None:
    user, key, ts, signature = vector
    assert sign(user, key, ts) == signature
    manager.world.add_user(user, "Administrator", [], [])
    manager.world.gate.users[user].key = key
    headers = {"ApiKey": user, "Authorization": signature, "ts": ts}
    assert (await api.get(FLOORS, headers=headers)).status == 200
    headers["ts"] = f"{int(ts) + 5}"
    assert (await api.get(FLOORS, headers=headers)).status == 401


@pytest.mark.parametrize("signature", MISTAKES.values(), ids=MISTAKES)
async def test_mistaken_signatures_open_nothing(
    api: Api, manager: EnlightedSimulator, signature: str
) -> None:
    manager.world.add_user("bob", "Administrator", [], [])
    manager.world.gate.users["bob"].key = SEED_KEY
    headers = {"ApiKey": "bob", "Authorization": signature, "ts": SEED_TS}
    assert (await api.get(FLOORS, headers=headers)).status == 401


async def test_the_scheme_before_opens_nothing(api: Api, manager: EnlightedSimulator) -> None:
    token = sha1("admin", "1700000000000", DIGITS)
    assert token == "108c126b5b18ea57f4fe261112c08ebe7184f9b1"
    manager.world.add_user("admin", "Administrator", [], [])
    manager.world.gate.users["admin"].key = DIGITS
    headers = {"UserId": "admin", "ts": "1700000000000", "AuthenticationToken": token}
    assert (await api.get(FLOORS, headers=headers)).status == 302


async def test_both_schemes_open_a_manager_of_4_5(api: Api) -> None:
    for headers in (api.new(), api.old()):
        assert (await api.get(FLOORS, headers=headers)).status == 200


async def test_4_4_knows_signatures_only() -> None:
    async with EnlightedSimulator(version="4.4") as manager, aiohttp.ClientSession() as session:
        api = Api(manager, session)
        assert len(manager.world.key_of("integration")) == 40
        assert (await api.get(FLOORS, headers=api.old())).status == 200
        assert (await api.get(FLOORS, headers=api.new())).status == 302


async def test_the_older_scheme_can_be_closed(api: Api, manager: EnlightedSimulator) -> None:
    manager.faults.refuse_old_scheme = True
    assert (await api.get(FLOORS, headers=api.old())).status == 401
    assert (await api.get(FLOORS, headers=api.new())).status == 200


@pytest.mark.parametrize(
    "value", ["apikey", "apikey ", "apikey wrong", "{key}", "APIKEY {key}", "apikey  {key}", "x"]
)
async def test_what_is_no_key_is_refused(api: Api, manager: EnlightedSimulator, value: str) -> None:
    value = value.format(key=manager.world.key_of("integration"))
    headers = {"UserId": "integration", "Authorization": value}
    assert (await api.get(FLOORS, headers=headers)).status == 401


async def test_a_key_is_its_users_only(api: Api, manager: EnlightedSimulator) -> None:
    for make in (api.new, api.old):
        headers = make(user="limited", key=manager.world.key_of("integration"))
        assert (await api.get(FLOORS, headers=headers)).status == 401
        headers = make(user="nobody", key=manager.world.key_of("integration"))
        assert (await api.get(FLOORS, headers=headers)).status == 401


async def test_without_credentials_there_is_a_login_page(
    api: Api, manager: EnlightedSimulator
) -> None:
    answer = await api.get(FLOORS, headers={})
    assert (answer.status, answer.headers["Location"]) == (302, "/ems/login.jsp")
    page = await api.get("/ems/login.jsp", headers={}, below="")
    assert page.status == 200
    assert page.text.startswith("<!DOCTYPE html>")
    manager.faults.no_credentials = 401
    assert (await api.get(FLOORS, headers={})).status == 401
    manager.faults.no_credentials = manager.faults.wrong_credentials = 200
    for headers in ({}, api.new(key="wrong")):
        answer = await api.get(FLOORS, headers=headers)
        assert (answer.status, answer.body) == (200, page.body)
        assert answer.headers["Content-Type"].startswith("text/html")


async def test_an_unknown_path_does_not_tell_strangers_that_it_is_none(api: Api) -> None:
    assert (await api.get("/org/nothing", headers={})).status == 302
    assert (await api.get("/org/nothing")).status == 404


async def test_a_new_key_ends_the_old_one(api: Api, manager: EnlightedSimulator) -> None:
    new, old = api.new(), api.old()
    key = manager.world.rotate_key("integration")
    for headers in (new, old):
        assert (await api.get(FLOORS, headers=headers)).status == 401
    assert (await api.get(FLOORS, headers=api.new(key=key))).status == 200


async def test_an_inactive_user_is_kept_out(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.set_active("integration", False)
    for headers in (api.new(), api.old()):
        assert (await api.get(FLOORS, headers=headers)).status == 401
    manager.world.set_active("integration", True)
    assert (await api.get(FLOORS)).status == 200


async def test_the_age_of_a_signature_is_looked_at_if_a_switch_says_so(
    api: Api, manager: EnlightedSimulator
) -> None:
    assert (await api.get(FLOORS, headers=api.old(age=1e6))).status == 200
    manager.faults.ts_window = 300.0
    for age in (-310, 310):
        answer = await api.get(FLOORS, headers=api.old(age=age))
        assert (answer.status, answer.text) == (408, "API received after its time expired")
    for age in (-290, 0, 290):
        assert (await api.get(FLOORS, headers=api.old(age=age))).status == 200
    manager.faults.stale_status = 401
    assert (await api.get(FLOORS, headers=api.old(age=310))).status == 401
    assert (await api.get(FLOORS)).status == 200


async def test_the_managers_clock_decides_and_stands_in_every_answer(
    api: Api, manager: EnlightedSimulator
) -> None:
    manager.faults.ts_window = 300.0
    manager.faults.clock_offset = 1000.0
    answer = await api.get(FLOORS, headers=api.old())
    assert answer.status == 408
    told = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    ahead = told - manager.clock.time()
    assert 980 < ahead <= 1000
    assert (await api.get(FLOORS, headers=api.old(age=-ahead))).status == 200


async def test_a_signature_is_taken_once_if_a_switch_says_so(
    api: Api, manager: EnlightedSimulator
) -> None:
    headers = api.old()
    for _ in range(2):
        assert (await api.get(FLOORS, headers=headers)).status == 200
    manager.faults.replay_check = True
    assert (await api.get(FLOORS, headers=headers)).status == 401
    assert (await api.get(FLOORS, headers=api.old(age=1))).status == 200


@pytest.mark.parametrize("ts", ["", "now", "-1", "1457033811032.5", "²"])
async def test_a_time_that_is_none_is_refused(
    api: Api, manager: EnlightedSimulator, ts: str
) -> None:
    signature = sha1("integration", manager.world.key_of("integration"), ts)
    headers = {"ApiKey": "integration", "Authorization": signature, "ts": ts}
    assert (await api.get(FLOORS, headers=headers)).status == 401


async def test_what_is_sent_wrongly_is_noted(api: Api, manager: EnlightedSimulator) -> None:
    key, world = manager.world.key_of("integration"), manager.world
    headers = api.old() | {"ApiKey": key}
    assert (await api.get(FLOORS, headers=headers)).status == 401
    assert "ApiKey" in world.mistakes[-1]
    for ts in ("1457033811", "1457033811032000000"):
        assert (await api.get(FLOORS, headers=api.old(ts=ts))).status == 200
        assert f"{len(ts)} digits" in world.mistakes[-1]
    headers = api.new() | {"Cookie": "JSESSIONID=00"}
    assert (await api.get(FLOORS, headers=headers)).status == 200
    assert "JSESSIONID" in world.mistakes[-1]
    assert manager.state()["mistakes"] == world.mistakes


async def test_requests_are_remembered_without_their_secrets(
    api: Api, manager: EnlightedSimulator
) -> None:
    key = manager.world.key_of("integration")
    await api.get(f"{FLOORS}?a=1", headers=api.old())
    await api.get(FLOORS, headers=api.old() | {"ApiKey": key})
    await api.get(FLOORS)
    seen = manager.requests
    assert [each.scheme for each in seen] == ["old", "old", "new"]
    assert (seen[0].method, seen[0].path, seen[0].query) == ("GET", f"/ems/api{FLOORS}", "a=1")
    assert key not in str(seen)


async def test_answers_look_like_tomcats(api: Api) -> None:
    for answer in (await api.get(FLOORS), await api.get(FLOORS, headers={})):
        assert answer.headers["Server"] == "Apache-Coyote/1.1"
        assert answer.headers["Set-Cookie"].startswith("JSESSIONID=")


async def test_its_certificate_names_a_unit_and_nothing_else() -> None:
    certificate = SelfSignedCertificate(None, unit="Enlighted Manage", names=())
    async with (
        EnlightedSimulator(certificate=certificate) as manager,
        aiohttp.ClientSession() as session,
    ):
        assert manager.details()["fingerprint"] == certificate.fingerprint
        pinned = aiohttp.Fingerprint(bytes.fromhex(certificate.fingerprint))
        headers = Api(manager, session).new()
        url = f"{manager.url}/ems/api{FLOORS}"
        async with session.get(url, ssl=pinned, headers=headers) as answer:
            assert answer.status == 200
        where = (manager.host, manager.port)
        shown = x509.load_pem_x509_certificate(
            (await asyncio.to_thread(ssl.get_server_certificate, where)).encode()
        )
    assert shown.subject.rfc4514_string() == "OU=Enlighted Manage"
    assert list(shown.extensions) == []
