"""The button, tokens, and what is said to whoever has none (section 2)."""

import asyncio
import base64
from datetime import datetime, timedelta

import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import BASE, Api

GENERATE = "/accesstoken/generate"


async def test_a_press_of_the_button_is_good_for_one_token(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    refused = await stranger.get(GENERATE, name="homeassistant")
    assert (refused.status, refused.code) == (403, -3)
    assert refused.json["message"] == "Time window expired or gateway button not pressed."

    gateway.press_button()
    given = await stranger.get(GENERATE, name="homeassistant")

    assert (given.status, given.code) == (201, 2)
    token = given.json["token"]
    assert len(token["token"]) == 48
    assert int(token["token"], 16)
    assert token["name"] == "homeassistant"
    assert (token["last_used"], token["ip_address"]) == (None, None)
    assert (await stranger.get(GENERATE)).code == -3


async def test_two_at_once_race_for_the_window(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    gateway.press_button()

    answers = await asyncio.gather(stranger.get(GENERATE), stranger.get(GENERATE))

    assert sorted(answer.code for answer in answers) == [-3, 2]
    assert [token.name for token in gateway.tokens] == ["default"]


@pytest.mark.parametrize(("seconds", "code"), [(119, 2), (121, -3)])
async def test_the_window_closes_by_itself(
    gateway: TableTrackerSimulator, stranger: Api, seconds: int, code: int
) -> None:
    gateway.press_button()

    gateway.clock.advance(seconds)

    assert (await stranger.get(GENERATE)).code == code


async def test_the_window_can_be_of_another_length(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    gateway.set_window(5)
    gateway.press_button()
    gateway.clock.advance(6)

    assert (await stranger.get(GENERATE)).code == -3


async def test_a_bad_name_leaves_the_window_open(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    gateway.press_button()

    assert (await stranger.get(GENERATE, name="my kitchen!")).code == -4
    assert (await stranger.get(GENERATE, name="kitchen1")).code == 2


async def test_a_head_eats_the_window(gateway: TableTrackerSimulator, stranger: Api) -> None:
    gateway.press_button()

    answer = await stranger.request("HEAD", BASE + GENERATE)

    assert (answer.status, answer.text) == (201, "")
    assert len(gateway.tokens) == 1
    assert (await stranger.get(GENERATE)).code == -3


async def test_a_token_makes_tokens_without_the_button(api: Api) -> None:
    given = await api.post(GENERATE, {"name": "kitchen1"})

    assert (given.status, given.code) == (201, 2)
    assert (await api.post(GENERATE, {"name": "?"})).code == -4
    listed = (await api.get("/accesstoken/all")).json
    assert listed["returnCode"] == 3
    assert [item["name"] for item in listed["items"]] == ["tests", "kitchen1"]
    assert listed["count"] == 2
    assert "token" not in listed["items"][0]


async def test_a_token_tells_of_itself_and_when_it_was_used(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    answer = await api.get("/accesstoken")

    assert answer.code == 1
    token = answer.json["token"]
    assert token.keys() == {"name", "creation_date", "last_used", "ip_address"}
    assert token["ip_address"] == "127.0.0.1"
    used = datetime.fromisoformat(token["last_used"])
    assert used.tzinfo is None
    assert abs(used.replace(tzinfo=gateway.world.zone) - gateway.world.now()) < timedelta(minutes=1)


async def test_tokens_may_be_listed_without_names(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.faults.unnamed_tokens = True

    [item] = (await api.get("/accesstoken/all")).json["items"]

    assert "name" not in item


async def test_a_token_deletes_itself_alone(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.issue_token("other")

    answer = await api.delete("/accesstoken")

    assert (answer.code, answer.json["message"]) == (1001, "Token deleted.")
    assert [token.name for token in gateway.tokens] == ["other"]
    assert (await api.get("/accesstoken")).code == -2


async def test_whoever_has_no_token_is_told_so_in_json(stranger: Api) -> None:
    answer = await stranger.get("/accesstoken")

    assert (answer.status, answer.code) == (401, -2)
    assert answer.headers["Content-Type"] == "application/json"
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Token abc", "abc"])
async def test_a_malformed_header_is_told_from_a_wrong_token(stranger: Api, header: str) -> None:
    answer = await stranger.request(
        "GET", f"{BASE}/activeorders", headers={"Authorization": header}
    )

    assert (answer.status, answer.code) == (400, -1)


async def test_basic_is_of_the_older_api(gateway: TableTrackerSimulator, stranger: Api) -> None:
    key = base64.b64encode(f"{gateway.key_v1}:".encode()).decode()

    answer = await stranger.request(
        "GET", f"{BASE}/activeorders", headers={"Authorization": f"Basic {key}"}
    )

    assert (answer.status, answer.code) == (400, -1)


async def test_revoking_hits_calls_and_not_open_sockets(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    line = await api.listen()
    await line.frame()

    gateway.revoke_token()
    gateway.start_tracker("5")

    assert (await api.get("/activeorders")).code == -2
    assert (await line.frame())["type"] == "ORDER_CREATED"


async def test_tokens_survive_a_reboot_and_not_a_factory_reset(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    await api.post("/gateway/activate", {"deviceCode": "012-3456-789"})
    await api.post("/gateway/settings", {"timezone": "America/New_York"})

    await gateway.reboot()
    assert (await api.get("/accesstoken")).code == 1

    await gateway.factory_reset()
    assert (await api.get("/accesstoken")).code == -2
    api.token = gateway.issue_token("again")
    assert (await api.get("/gateway/activate")).json["state"] == "NOT_CONFIGURED"
    assert (await api.get("/gateway/settings")).json["settings"]["timezone"] == "Europe/Vienna"
