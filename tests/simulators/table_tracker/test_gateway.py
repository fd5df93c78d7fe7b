"""Settings, repeaters, trackers, the cloud, and what nobody knows (sections 3 and 4)."""

import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import BASE, Api

#: Endpoints whose content is a choice of the simulator (marked U in the protocol notes).
UNKNOWN = [
    ("GET", "", 0),
    ("GET", "/capabilities", 4),
    ("GET", "/gateway", 11),
    ("GET", "/gateway/check", 14),
    ("GET", "/trackers", 18),
    ("DELETE", "/trackers", 1007),
]


async def test_settings_are_read_and_changed(gateway: TableTrackerSimulator, api: Api) -> None:
    answer = await api.get("/gateway/settings")
    assert answer.code == 13
    assert answer.json["settings"] == {
        "zigbeePreset": "A",
        "targetTimeDefault": 300,
        "timezone": "Europe/Vienna",
    }

    changed = await api.post("/gateway/settings", {"targetTimeDefault": 420, "zigbeePreset": "B"})

    assert (changed.code, changed.json["message"]) == (1004, "Settings successfully changed.")
    assert gateway.world.target == 420
    assert (await api.get("/statistics")).json["statistics"]["targetTime"] == 420.0
    assert (await api.get("/gateway/settings")).json["settings"]["zigbeePreset"] == "B"


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        ({"colour": "red"}, -20, "colour"),
        ({"zigbeePreset": "?"}, -21, "zigbeePreset"),
        ({"targetTimeDefault": "soon"}, -21, "soon"),
        ({"timezone": "Mars/Olympus"}, -21, "Mars/Olympus"),
    ],
)
async def test_what_is_no_setting_changes_none(
    gateway: TableTrackerSimulator, api: Api, body: dict, code: int, word: str
) -> None:
    answer = await api.post("/gateway/settings", {"targetTimeDefault": 99, **body})

    assert (answer.status, answer.code) == (400, code)
    assert word in answer.json["message"]
    assert gateway.world.target == 300


async def test_repeaters_are_listed_under_their_own_name(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    address = gateway.add_repeater("Terrace")
    gateway.set_repeater_status(address, "INACTIVE")

    answer = await api.get("/repeaters", refresh="false")

    assert (answer.code, answer.json["count"]) == (15, 3)
    unlabelled, _, terrace = answer.json["repeaters"]
    assert unlabelled["label"] == ""
    assert terrace["extendedAddress"] == address
    assert (terrace["label"], terrace["status"]) == ("Terrace", "INACTIVE")
    assert terrace.keys() == {
        "extendedAddress",
        "shortAddress",
        "label",
        "manufacturerId",
        "profileId",
        "parentShortAddress",
        "firmwareVersion",
        "hardwareVersion",
        "remainingChildren",
        "deviceType",
        "deviceModel",
        "status",
        "lastSeen",
    }

    gateway.remove_repeater(address)
    assert (await api.get("/repeaters")).json["count"] == 2


async def test_a_scan_sees_who_is_there(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.faults.scan_seconds = 0.01
    gone, there = gateway.world.repeaters
    gateway.set_repeater_status(gone, "INACTIVE")
    gateway.clock.advance(3600)

    cached = {each["extendedAddress"]: each for each in await repeaters(api)}
    seen = {each["extendedAddress"]: each for each in await repeaters(api, refresh="true")}

    assert seen[there]["lastSeen"] > cached[there]["lastSeen"]
    assert seen[gone]["lastSeen"] == cached[gone]["lastSeen"]
    assert (await api.get("/repeaters", refresh="yes")).code == -15


async def repeaters(api: Api, **query: str) -> list[dict]:
    """Return the list."""
    return (await api.get("/repeaters", **query)).json["repeaters"]


async def test_repeaters_are_cleared(api: Api) -> None:
    answer = await api.delete("/repeaters")

    assert (answer.code, answer.json["message"]) == (1006, "Repeater clearing successful.")
    assert await repeaters(api) == []


async def test_pairing_ends_by_itself_or_when_told(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    assert (await api.post("/repeaters/beginPairing")).code == 1012
    assert gateway.state()["pairing"] is True
    gateway.clock.advance(61)
    assert gateway.state()["pairing"] is False

    assert (await api.post("/repeaters/beginPairing", {"timeout": 254})).code == 1012
    assert (await api.post("/repeaters/beginPairing", {"timeout": 0})).code == 1013
    assert gateway.state()["pairing"] is False
    assert (await api.post("/repeaters/endPairing")).code == 1013


@pytest.mark.parametrize(("timeout", "generic"), [(255, -34), (-1, -34), ("long", -33)])
async def test_what_is_no_timeout(
    gateway: TableTrackerSimulator, api: Api, timeout: int | str, generic: int
) -> None:
    assert (await api.post("/repeaters/beginPairing", {"timeout": timeout})).code == -16
    gateway.faults.generic_timeouts = True
    assert (await api.post("/repeaters/beginPairing", {"timeout": timeout})).code == generic


async def test_trackers_are_seen_when_they_move(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.start_tracker("3")

    answer = await api.get("/trackers")

    assert (answer.code, answer.json["count"]) == (18, 12)
    by_number = {tracker["name"]: tracker for tracker in answer.json["trackers"]}
    assert by_number["3"]["lastSeen"] is not None
    assert by_number["4"]["lastSeen"] is None


async def test_the_cloud_is_joined_by_a_code(api: Api) -> None:
    async def activate(body: dict) -> int:
        return (await api.post("/gateway/activate", body)).code

    assert (await api.get("/gateway/activate")).json["state"] == "NOT_CONFIGURED"
    assert await activate({}) == -18
    assert await activate({"deviceCode": "0123456789"}) == -17
    assert await activate({"deviceCode": "999-0000-000"}) == -19
    assert await activate({"deviceCode": "012-3456-789"}) == 1011
    assert await activate({"deviceCode": "012-3456-789"}) == 1008
    state = await api.get("/gateway/activate")
    assert (state.code, state.json["state"]) == (12, "ACTIVATED")


async def test_the_gateway_may_tell_no_serial_number(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    assert (await api.get("/gateway")).json["gateway"].keys() == {
        "version",
        "serialNumber",
        "macAddress",
    }
    gateway.faults.gateway_has_ids = False
    assert (await api.get("/gateway")).json["gateway"].keys() == {"version"}


@pytest.mark.parametrize(("method", "path", "code"), UNKNOWN)
async def test_what_nobody_knows_is_there_or_not(
    gateway: TableTrackerSimulator, api: Api, method: str, path: str, code: int
) -> None:
    assert (await api.request(method, BASE + path)).code == code

    gateway.faults.unknown_endpoints = True

    answer = await api.request(method, BASE + path)
    assert answer.status == 404
    assert answer.text.startswith("<!DOCTYPE html")
    assert (await api.get("/activeorders")).code == 5


async def test_is_it_alive_needs_no_token(stranger: Api) -> None:
    assert (await stranger.get("")).status == 200


async def test_the_order_of_keys_is_a_processs_own(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    gateway.start_tracker("5")

    async def keys() -> list[str]:
        return list((await api.get("/activeorders/5")).json["activeorder"])

    first = await keys()
    assert await keys() == first
    others = []
    for _ in range(3):
        await gateway.reboot()
        others.append(await keys())
    assert any(other != first for other in others)
    assert all(sorted(other) == sorted(first) for other in others)


@pytest.mark.parametrize(
    ("fault", "key", "value"),
    [
        ("numbers_as_text", "paged", "No"),
        ("numbers_as_text", "elapsedTime", "0"),
        ("on_premises", "orderType", "ON_PREMISES"),
        ("omit_elapsed", "elapsedTime", None),
    ],
)
async def test_values_are_spelled_otherwise(
    gateway: TableTrackerSimulator, api: Api, fault: str, key: str, value: str | None
) -> None:
    gateway.faults.set(fault, True)
    gateway.start_tracker("5")

    [order] = (await api.get("/activeorders")).json["items"]

    assert order.get(key) == value


async def test_there_may_be_more_than_is_documented(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    gateway.faults.extra_keys = True
    gateway.start_tracker("5")

    [order] = (await api.get("/activeorders")).json["items"]

    assert order["guestMood"] == {"smiles": [1, 2, 3]}
