"""The gateway itself: settings and zone, repeaters, trackers, and what nobody documented."""

from datetime import UTC, datetime
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    GatewayInfo,
    GatewaySettings,
    Repeater,
    TableTrackerClient,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
    Tracker,
)

from .support import ZONE, Answer, StubGateway

SETTINGS = "GET /gateway/settings"
REPEATER = {
    "extendedAddress": "00:13:a2:00:40:aa:bb:01",
    "shortAddress": 4212,
    "label": "Cashier 1",
    "firmwareVersion": "22A7",
    "hardwareVersion": 7745,
    "remainingChildren": "12",
    "deviceModel": "XBee Wall Router",
    "status": "ACTIVE",
    "lastSeen": "2024-05-02T09:59:34",
}


def settings_answer(zone: object) -> Answer:
    settings = {"zigbeePreset": "A", "targetTimeDefault": "300", "timezone": zone}
    return Answer({"status": 200, "returnCode": 13, "settings": settings})


async def test_settings_teach_the_clock_its_zone(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers[SETTINGS] = settings_answer("America/New_York")
    assert await client.get_settings() == GatewaySettings(300, "America/New_York", "A")
    assert client.clock.zone == ZoneInfo("America/New_York")
    assert client.clock.to_wire(datetime(2024, 5, 2, 16, tzinfo=UTC)) == "2024-05-02T12:00:00"
    await client.get_settings()
    assert client.clock.zone == ZoneInfo("America/New_York")


@pytest.mark.parametrize("zone", ["Mars/Olympus", None, "", 5, {}])
async def test_a_zone_that_is_none_leaves_the_one_that_was_thought_of(
    gateway: StubGateway, client: TableTrackerClient, zone: object
) -> None:
    gateway.answers[SETTINGS] = settings_answer(zone)
    await client.get_settings()
    assert client.clock.zone == ZONE


async def test_settings_may_be_missing(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers[SETTINGS] = Answer({"returnCode": 13})
    assert await client.get_settings() == GatewaySettings(None, None, None)


@pytest.mark.parametrize(
    ("target_time", "time_zone", "body"),
    [
        (240, None, {"targetTimeDefault": 240}),
        (None, "+02:00", {"timezone": "+02:00"}),
        (0, "UTC", {"targetTimeDefault": 0, "timezone": "UTC"}),
    ],
)
async def test_only_what_is_given_is_set(
    gateway: StubGateway,
    client: TableTrackerClient,
    target_time: int | None,
    time_zone: str | None,
    body: dict[str, object],
) -> None:
    gateway.answers["POST /gateway/settings"] = Answer({"returnCode": 1004})
    await client.set_settings(target_time=target_time, time_zone=time_zone)
    assert json.loads(gateway.requests[0].body) == body


@pytest.mark.parametrize(
    ("answer", "info"),
    [
        (
            {
                "gateway": {
                    "version": "2.0.0",
                    "serialNumber": "SIM0001",
                    "macAddress": "00:40:9d:00:00:01",
                }
            },
            GatewayInfo("SIM0001", "00:40:9d:00:00:01", "2.0.0", None),
        ),
        (
            {
                "Model": "GW-2",
                "firmware_version": 3,
                "net": [{"hw": {"MAC": "00409d000001"}}, "x"],
                "part": {"model": "not this one", "serial": None},
            },
            GatewayInfo(None, "00409d000001", "3", "GW-2"),
        ),
        ({}, GatewayInfo(None, None, None, None)),
        ({"serial": True, "mac": [], "version": {}}, GatewayInfo(None, None, None, None)),
    ],
)
async def test_whatever_the_gateway_says_of_itself_is_found(
    gateway: StubGateway, client: TableTrackerClient, answer: dict[str, object], info: GatewayInfo
) -> None:
    gateway.answers["GET /gateway"] = Answer({"status": 200, "returnCode": 11} | answer)
    assert await client.get_gateway() == info


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"state": "NOT_CONFIGURED"}, "NOT_CONFIGURED"),
        ({"activation": {"state": "ACTIVE"}}, "ACTIVE"),
        ({"state": None}, None),
        ({}, None),
    ],
)
async def test_the_state_of_the_cloud_is_told_in_its_own_word(
    gateway: StubGateway,
    client: TableTrackerClient,
    answer: dict[str, object],
    state: str | None,
) -> None:
    gateway.answers["GET /gateway/activate"] = Answer({"returnCode": 12} | answer)
    assert await client.get_cloud_state() == state


async def test_repeaters_are_read(gateway: StubGateway, client: TableTrackerClient) -> None:
    bare = {"extendedAddress": "00:13:a2:00:40:aa:bb:01:02", "status": "LOST", "label": ""}
    gateway.answers["GET /repeaters"] = Answer(
        {"returnCode": 15, "count": 1, "repeaters": [REPEATER, bare, {"label": "no address"}]}
    )
    assert await client.get_repeaters() == (
        Repeater(
            address="00:13:a2:00:40:aa:bb:01",
            label="Cashier 1",
            active=True,
            model="XBee Wall Router",
            firmware="22A7",
            hardware="7745",
            remaining_children=12,
            last_seen=datetime(2024, 5, 2, 7, 59, 34, tzinfo=UTC),
        ),
        Repeater("00:13:a2:00:40:aa:bb:01:02", None, None, None, None, None, None, None),
    )
    assert gateway.requests[0].query == {}


async def test_a_scan_is_asked_for_by_the_word(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    inactive = REPEATER | {"status": "INACTIVE"}
    gateway.answers["GET /repeaters"] = Answer({"returnCode": 15, "repeaters": [inactive]})
    (repeater,) = await client.get_repeaters(scan=True)
    assert repeater.active is False
    assert gateway.requests[0].query == {"refresh": "true"}


async def test_pairing_begins_and_ends(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers["POST /repeaters/beginPairing"] = Answer({"returnCode": 1012})
    gateway.answers["POST /repeaters/endPairing"] = Answer({"returnCode": 1013})
    await client.begin_pairing(120)
    await client.end_pairing()
    assert [json.loads(request.body) for request in gateway.requests] == [{"timeout": 120}, {}]


@pytest.mark.parametrize("name", ["trackers", "items"])
async def test_trackers_are_read_however_they_are_spelled(
    gateway: StubGateway, client: TableTrackerClient, name: str
) -> None:
    rows = [
        {
            "name": "23",
            "firmwareVersion": "1.0",
            "status": "ACTIVE",
            "lastSeen": "2024-05-02T12:01:40",
            "battery": 80,
        },
        {"trackerNumber": 24, "batteryLevel": "75"},
        {"extendedAddress": "00:13:a2:00:41:00:00:17"},
    ]
    gateway.answers["GET /trackers"] = Answer({"returnCode": 18, name: rows})
    assert await client.get_trackers() == (
        Tracker("23", True, "1.0", 80, datetime(2024, 5, 2, 10, 1, 40, tzinfo=UTC)),
        Tracker("24", None, None, 75, None),
    )


async def test_what_this_firmware_lacks_is_told(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    for ask in (client.get_trackers, client.get_gateway, client.get_cloud_state):
        with pytest.raises(TableTrackerUnsupportedError):
            await ask()


async def test_a_list_of_another_name_is_unreadable(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /repeaters"] = Answer({"returnCode": 15, "devices": []})
    with pytest.raises(TableTrackerResponseError):
        await client.get_repeaters()
