"""What is set on cameras and in the account (sections 3.2, 3.4, 4.9, 10.15, 10.17)."""

import time

import pytest

from simulators.vxg import VxgSimulator

from .support import CAMERA, SECOND, Api

ONE = f"/api/v2/cameras/{CAMERA}/"


async def test_what_is_named_is_changed_and_the_rest_stays(api: Api) -> None:
    before = (await api.get(f"{ONE}video/")).fields
    answer = await api.ask("PUT", f"{ONE}video/", {"brightness": 40})
    assert answer.status == 200
    assert answer.fields == before | {"brightness": 40}
    assert (await api.get(f"{ONE}video/")).fields["brightness"] == 40


async def test_caps_cannot_be_given_back(api: Api, cloud: VxgSimulator) -> None:
    path = f"{ONE}video/streams/vs_1/"
    whole = (await api.get(path)).fields
    assert (await api.ask("PUT", path, whole)).status == 400
    cloud.faults.refuse_caps = False
    assert (await api.ask("PUT", path, whole | {"fps": 5})).fields["fps"] == 5
    assert (await api.ask("PUT", f"{ONE}audio/", {"nonsense": 1})).status == 400


async def test_a_camera_that_is_offline_refuses_or_hangs(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.set_status(CAMERA, "offline")
    assert (await api.get(f"{ONE}video/")).status == 200
    for path, body in (
        ("video/", {"brightness": 40}),
        ("video/streams/vs_1/", {"fps": 5}),
        ("motion_detection/regions/", {"objects": []}),
        ("firmwares/upgrade/", {"version": "1.3.0"}),
    ):
        method = "POST" if "upgrade" in path else "PUT"
        assert (await api.ask(method, f"{ONE}{path}", body)).status == 503
    cloud.faults.offline_hangs = 0.2
    begin = time.monotonic()
    answer = await api.ask("POST", f"{ONE}ptz/execute/", {"action": "left", "timeout": 1})
    assert answer.status == 503
    assert time.monotonic() - begin >= 0.2


@pytest.mark.parametrize(
    "what",
    ["video/", "audio/", "media_streams/", "schedule/", "ptz/", "memory_card/", "firmwares/"],
)
async def test_a_camera_that_is_pulled_has_no_settings(
    api: Api, cloud: VxgSimulator, what: str
) -> None:
    number = cloud.world.add_camera(plain=True)
    assert (await api.get(f"/api/v2/cameras/{number}/{what}")).status == 404
    assert (await api.get(f"/api/v2/cameras/{number}/")).fields["url"].startswith("rtsp://")


async def test_settings_can_be_changed_and_dropped_at_the_camera(
    api: Api, cloud: VxgSimulator
) -> None:
    cloud.world.set_setting(CAMERA, "video", "contrast", 7)
    assert (await api.get(f"{ONE}video/")).fields["contrast"] == 7
    cloud.world.drop_setting(CAMERA, "video")
    assert (await api.get(f"{ONE}video/")).status == 404


async def test_moves_are_noted(api: Api, cloud: VxgSimulator) -> None:
    answer = await api.ask("POST", f"{ONE}ptz/execute/", {"action": "left", "timeout": 500})
    assert (answer.status, answer.body) == (200, b"")
    cloud.faults.empty_actions = False
    answer = await api.ask("POST", f"{ONE}ptz/execute/", {"action": "stop", "timeout": 500})
    assert answer.fields == {}
    assert [(each.name, each.camera, each.body["action"]) for each in cloud.commands] == [
        ("move", CAMERA, "left"),
        ("move", CAMERA, "stop"),
    ]
    assert (await api.ask("POST", f"{ONE}ptz/execute/", {"action": "home"})).status == 400
    other = f"/api/v2/cameras/{SECOND}/ptz/execute/"
    assert (await api.ask("POST", other, {"action": "left"})).status == 404


async def test_presets_are_kept_up_to_the_most(api: Api) -> None:
    path = f"{ONE}ptz/presets/"
    assert [each["name"] for each in (await api.get(path)).objects] == ["Gate", "Drive"]
    made = [(await api.ask("POST", path, {"name": f"P{number}"})).status for number in range(7)]
    assert made == [201] * 6 + [400]
    assert (await api.ask("POST", f"{path}goto/", {"id": 3})).status == 200
    assert (await api.ask("DELETE", f"{path}3/")).status == 204
    assert (await api.ask("POST", f"{path}goto/", {"id": "3"})).status == 404


async def test_modes_turn_a_camera_on_and_off(api: Api, cloud: VxgSimulator) -> None:
    assert (await api.ask("PUT", ONE, {"mode": "off"})).fields["status"] == "inactive"
    assert (await api.ask("PUT", ONE, {"mode": "on_till_sched"})).fields["status"] == "active"
    assert (await api.ask("PUT", ONE, {"mode": "sideways"})).status == 400
    assert (await api.ask("PUT", ONE, {"rec_mode": "sometimes"})).status == 400
    cloud.faults.server_by_event = True
    answer = await api.ask("PUT", ONE, {"rec_mode": "by_event"})
    assert answer.fields["rec_mode"] == "server_by_event"
    cloud.world.set_status(CAMERA, "offline")
    assert (await api.ask("PUT", ONE, {"mode": "on"})).fields["status"] == "offline"


async def test_regions_are_replaced_as_a_whole(api: Api) -> None:
    path = f"{ONE}motion_detection/regions/"
    (region,) = (await api.get(path)).objects
    assert (await api.ask("PUT", path, {"objects": [region | {"enabled": False}]})).status == 200
    assert (await api.get(path)).objects == [region | {"enabled": False}]
    assert (await api.ask("PUT", path, {"objects": []})).status == 200
    assert (await api.get(path)).objects == []
    for body in ({}, {"objects": [7]}, {"objects": "x"}):
        assert (await api.ask("PUT", path, body)).status == 400


async def test_event_types_have_the_flags_that_their_caps_allow(api: Api) -> None:
    path = f"{ONE}event_processing/events/"
    kinds = {each["name"]: each for each in (await api.get(path)).objects}
    assert "record" in kinds["motion"]
    assert "record" not in kinds["net"]
    assert (await api.ask("PUT", f"{path}motion/", {"record": False})).fields["record"] is False
    assert (await api.ask("PUT", f"{path}net/", {"record": True})).status == 400
    assert (await api.ask("PUT", f"{path}snapshot/", {"period": "60"})).fields["period"] == 60
    assert (await api.ask("POST", f"{path}motion/trigger/", {})).status == 400
    assert (await api.ask("DELETE", f"{path}motion/")).status == 400
    own = await api.ask("POST", path, {"name": "gate", "notify": True})
    assert own.status == 201
    assert own.fields["custom"] is True
    assert (await api.ask("POST", path, {"name": "gate"})).status == 400
    assert (await api.ask("POST", f"{path}gate/trigger/", {"meta": {"a": "b"}})).status == 200
    events = (await api.get("/api/v2/storage/events/", events="gate", include_meta="true")).objects
    assert [each["meta"] for each in events] == [{"a": "b"}]
    assert (await api.ask("DELETE", f"{path}gate/")).status == 204
    assert (await api.get(f"{path}gate/")).status == 404


async def test_a_share_of_a_camera_opens_it_until_it_is_turned_off(api: Api) -> None:
    path = f"{ONE}sharings/"
    made = await api.ask("POST", path, {"name": "x", "access": ["live", "play"]})
    assert made.status == 201
    token = made.fields["token"]
    assert (await api.get("/api/v4/live/watch/", header=None, token=token)).status == 200
    assert (await api.get(f"{ONE}video/", header=None, token=token)).status == 403
    one = f"{path}{made.fields['id']}/"
    assert (await api.ask("PUT", one, {"enabled": False})).status == 200
    assert (await api.get("/api/v4/live/watch/", header=None, token=token)).status == 401
    assert (await api.ask("DELETE", one)).status == 204


# The account


async def test_cameras_come_and_go(api: Api, cloud: VxgSimulator) -> None:
    made = await api.ask("POST", "/api/v3/channels/", {"name": "New", "meta": {"a": "b"}})
    assert made.status == 201
    assert set(made.fields["access_tokens"]) == {"all", "watch"}
    header = f"Acc {made.fields['access_tokens']['all']}"
    assert (await api.get("/api/v4/channel/", header=header)).fields["name"] == "New"
    path = f"/api/v3/channels/{made.fields['id']}/"
    assert (await api.ask("PUT", path, {"meta": {"c": "d"}})).status == 200
    assert (await api.get(path, include_meta="true")).fields["meta"] == {"c": "d"}
    assert (await api.ask("POST", f"{path}meta/", {"tag": "c", "data": "e"})).status == 400
    assert (await api.ask("DELETE", path)).status == 204
    assert (await api.get("/api/v4/channel/", header=header)).status == 401
    assert len(cloud.world.cameras) == 4


async def test_groups_get_a_token_of_their_own(api: Api) -> None:
    path = "/api/v3/channel_groups/"
    made = await api.ask("POST", path, {"name": "Some", "channels": [CAMERA]})
    assert made.status == 201
    header = f"SI {made.fields['token']}"
    assert [each["id"] for each in (await api.get("/api/v5/channels/", header=header)).objects] == [
        CAMERA
    ]
    one = f"{path}{made.fields['id']}/"
    assert (await api.ask("PUT", one, {"channels": [SECOND]})).fields["channels"] == [SECOND]
    assert (await api.ask("DELETE", one)).status == 204
    assert (await api.get("/api/v5/channels/", header=header)).status == 401


async def test_documents_are_written_found_and_forgotten(api: Api) -> None:
    path, header = "/api/v4/meta/", api.channel()
    documents = [
        {"timestamp": "2024-07-24T12:13:50", "string": {"kind": "truck"}, "long": {"axles": 3}},
        {"timestamp": "2024-07-24T12:13:51", "string": {"kind": "car"}, "long": {"axles": 2}},
        {},
    ]
    made = await api.ask("POST", path, documents, header=header)
    assert made.status == 200
    assert [each["status"] for each in made.objects] == [201, 201, 400]
    assert made.fields["meta"] == {"errors_count": 1, "total_count": 3}
    wanted = {"filter": {"and": [{"field": "long.axles", "gte": 3}]}, "sort": ["-timestamp"]}
    found = await api.ask("POST", f"{path}filter/", wanted, header=header)
    assert [each["string"]["kind"] for each in found.objects] == ["truck"]
    number = found.objects[0]["id"]
    gone = await api.ask("DELETE", path, [{"id": number}, {"id": "x"}], header=header)
    assert [each["status"] for each in gone.objects] == [204, 404]
