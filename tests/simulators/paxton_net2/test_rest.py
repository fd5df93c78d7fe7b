"""What all routes have in common, and what goes wrong with any server (sections 2.5, 2.8, 7.2)."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import json

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import Api


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/areas", 404),
        ("GET", "/api/v2/doors", 404),
        ("GET", "/api/v1/users/12345", 404),
        ("GET", "/webapihelp/", 404),
        ("DELETE", "/api/v1/doors", 405),
        ("GET", "/api/v1/customquery/querydb?query=SELECT", 403),
    ],
)
async def test_what_is_not_there_is_refused(api: Api, method: str, path: str, status: int) -> None:
    assert (await api.request(method, path)).status == status


@pytest.mark.parametrize("path", ["/serverSettings/productType", "/SERVERSETTINGS/producttype"])
async def test_paths_are_taken_in_any_case(api: Api, path: str) -> None:
    assert (await api.get(path)).json == "Professional"


@pytest.mark.parametrize("key", ["doorId", "DoorId", "doorid"])
async def test_bodies_are_taken_in_any_case(
    simulator: Net2Simulator, api: Api, door_id: int, key: str
) -> None:
    assert (await api.post("/commands/door/open", {key: door_id})).status == 200
    assert simulator.world.doors[door_id].relay_open


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"doorId": "front"}', b'{"doorId": null}'])
async def test_a_body_that_makes_no_sense_is_refused(api: Api, body: bytes) -> None:
    answer = await api.request("POST", "/api/v1/commands/door/open", data=body)

    assert answer.status == 400
    assert answer.json["message"]


async def test_keys_can_be_in_pascal_case(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.pascal_case = True

    door = (await api.get("/doors/status")).json[0]

    assert door.keys() == {"Name", "Id", "Status"}
    assert "DoorRelayOpen" in door["Status"]


async def test_numbers_can_be_texts(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    simulator.faults.numbers_as_text = True

    door = (await api.get("/doors/status")).json[0]

    assert door["id"] == str(door_id)
    assert door["status"]["doorRelayOpen"] is False


async def test_there_can_be_fields_that_nobody_knows(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.extra_fields = True

    door = (await api.get("/doors/status")).json[0]

    assert "addedLater" in door
    assert "addedLater" in door["status"]


async def test_answers_carry_the_servers_time(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.clock_skew = 3600

    told = parsedate_to_datetime((await api.get("/doors")).headers["Date"])

    assert 3500 < (told - datetime.now(UTC)).total_seconds() < 3700


async def test_a_service_that_is_down_answers_with_a_page(
    simulator: Net2Simulator, api: Api
) -> None:
    simulator.faults.service_down = True

    for path in ("/api/v1/doors", "/signalr/negotiate"):
        answer = await api.request("GET", path)
        assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
        assert answer.text.startswith("<html>")


async def test_a_failure_befalls_only_what_it_is_meant_for(
    simulator: Net2Simulator, api: Api
) -> None:
    simulator.faults.fail(503, times=2, path="/doors", retry_after="7")

    assert (await api.get("/users")).status == 200
    answers = [await api.get("/doors") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"


@pytest.mark.parametrize(("status", "kind"), [(401, "application/json"), (502, "text/html")])
async def test_errors_are_said_by_who_says_them(
    simulator: Net2Simulator, api: Api, status: int, kind: str
) -> None:
    simulator.faults.fail(status)

    answer = await api.get("/doors")

    assert answer.status == status
    assert answer.headers["Content-Type"].startswith(kind)


async def test_large_lists_can_come_in_chunks(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.chunked_answers = True
    simulator.world.add_people(10_000)

    answer = await api.get("/users")

    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len(answer.json) == 10_007
    assert (await api.delete("/users/10000")).status == 204


async def test_an_answer_can_be_of_another_shape(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.fail(200, body='{"doors": 3}', content_type="application/json")

    assert (await api.get("/doors")).json == {"doors": 3}


async def test_an_answer_can_be_truncated(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.truncate_answers(path="/doors")

    answer = await api.get("/doors")

    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json


async def test_a_command_can_be_carried_out_and_its_answer_lost(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.lose_answers(path="/commands")

    with pytest.raises(aiohttp.ClientError):
        await api.post("/commands/door/holdopen", {"doorId": door_id})

    assert simulator.world.doors[door_id].held


async def test_an_answer_can_be_late_after_the_command_was_carried_out(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.delay = 60

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await api.post("/commands/door/holdopen", {"doorId": door_id})

    assert simulator.world.doors[door_id].held


async def test_requests_are_listed_without_their_secrets(
    simulator: Net2Simulator, api: Api
) -> None:
    await api.negotiate()

    assert ("GET", "/signalr/negotiate") in [
        (request.method, request.path) for request in simulator.requests
    ]
    assert api.token not in repr(simulator.requests)


async def test_a_restart_voids_every_token_and_keeps_the_address(
    simulator: Net2Simulator, api: Api
) -> None:
    url = simulator.url

    await simulator.restart()

    assert simulator.url == url
    assert (await api.get("/doors")).status == 401
    assert (await api.sign_in()).status == 200


async def test_a_server_can_be_away_for_a_while(simulator: Net2Simulator, api: Api) -> None:
    await simulator.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.get("/doors")

    await simulator.start()

    assert (await api.get("/doors")).status == 200


async def test_plain_http_is_served_as_by_older_servers() -> None:
    async with Net2Simulator(https=False) as simulator, aiohttp.ClientSession() as session:
        api = Api(simulator, session)
        assert simulator.url.startswith("http://")
        assert (await api.sign_in()).status == 200
        assert (await api.get("/doors")).status == 200
