"""Who is let in to what, and how others are refused (sections 2 and 7.14)."""

import base64
import json

import pytest

from simulators.vxg import VxgSimulator
from simulators.vxg.server import _ROUTES

from .support import CAMERA, SECOND, Api

#: What the notes say of each family: a path, and the kinds of credential that open it.
FAMILIES = [
    ("/api/v2/server/time/", {"LKey", "Acc", "SI", ""}),
    ("/api/v2/account/", {"LKey"}),
    ("/api/v2/cameras/", {"LKey", "Acc", "SI"}),
    (f"/api/v2/cameras/{CAMERA}/", {"LKey", "Acc", "SI"}),
    (f"/api/v2/cameras/{CAMERA}/preview/", {"LKey", "Acc"}),
    (f"/api/v2/cameras/{CAMERA}/video/", {"LKey", "Acc"}),
    (f"/api/v2/cameras/{CAMERA}/live_urls/", {"LKey", "Acc"}),
    ("/api/v2/storage/events/", {"LKey", "Acc", "SI"}),
    ("/api/v2/storage/clips/", {"LKey", "Acc", "SI"}),
    ("/api/v3/channels/", {"LKey"}),
    ("/api/v3/channel_groups/", {"LKey"}),
    ("/api/v3/statistics/", {"LKey"}),
    ("/api/v4/channel/", {"Acc"}),
    ("/api/v4/live/watch/", {"Acc"}),
    ("/api/v4/storage/records/", {"Acc"}),
    ("/api/v5/channels/", {"SI", "LKey"}),
    ("/api/v5/meta/", {"SI"}),
    ("/api/v6/servers/", {"LKey"}),
]


@pytest.mark.parametrize("kind", ["LKey", "Acc", "SI", ""])
@pytest.mark.parametrize(("path", "kinds"), FAMILIES)
async def test_each_family_takes_its_kinds_of_credential(
    api: Api, path: str, kinds: set[str], kind: str
) -> None:
    headers = {"LKey": api.key, "Acc": api.channel(), "SI": api.group, "": None}
    answer = await api.get(path, header=headers[kind])
    if kind in kinds:
        assert answer.status == 200
    else:
        assert answer.status == 401
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.fields["status"] == 401
        assert answer.fields["errorType"] == "invalid_auth"
        assert answer.fields["errorDetail"]


@pytest.mark.parametrize("route", _ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_no_route_lets_in_whom_it_should_not(api: Api, cloud: VxgSimulator, route) -> None:
    path = route.path.replace("{id}", str(CAMERA)).replace("{", "").replace("}", "") + "/"
    everybody = {"LKey": api.key, "Acc": api.channel(), "SI": api.group}
    for kind in everybody.keys() - route.kinds if route.kinds else ():
        assert (await api.ask(route.method, path, {}, header=everybody[kind])).status == 401
    if route.kinds:
        assert (await api.ask(route.method, path, {}, header=None)).status == 401
        assert (await api.ask(route.method, path, {}, header="LKey v3.wrong")).status == 401
    if route.needs_all and "Acc" in route.kinds:
        answer = await api.ask(route.method, path, {}, header=api.channel("watch"))
        assert answer.status == 403
        assert answer.fields["errorType"] == "forbidden"
    assert cloud.commands == []


async def test_every_write_of_a_token_for_looking_is_refused(api: Api) -> None:
    for route in _ROUTES:
        if route.method != "GET" and "Acc" in route.kinds:
            assert route.needs_all, route.path


async def test_blanks_around_a_secret_do_not_matter(api: Api) -> None:
    secret = api.key.partition(" ")[2]
    assert (await api.get("/api/v2/cameras/", header=f"LKey  {secret}")).status == 200


@pytest.mark.parametrize(
    "header", ["LKey", "LKey ", "Acc x", "SI eyJ9", "Bearer x", "x", "Acc W10=", "Basic YTpi"]
)
async def test_what_is_no_credential_is_refused(api: Api, header: str) -> None:
    assert (await api.get("/api/v2/cameras/", header=header)).status == 401


async def test_a_groups_token_is_no_channels_and_the_other_way_round(api: Api) -> None:
    channel, group = api.channel().partition(" ")[2], api.group.partition(" ")[2]
    assert (await api.get("/api/v4/channel/", header=f"Acc {group}")).status == 401
    assert (await api.get("/api/v5/channels/", header=f"SI {channel}")).status == 401


async def test_a_token_of_another_camera_opens_nothing(api: Api) -> None:
    fields = json.loads(base64.b64decode(api.channel().partition(" ")[2]))
    forged = base64.b64encode(json.dumps(fields | {"camid": SECOND}).encode()).decode()
    assert (await api.get("/api/v4/channel/", header=f"Acc {forged}")).status == 401
    path = f"/api/v2/cameras/{SECOND}/video/"
    answer = await api.get(path, header=api.channel())
    assert answer.status == 404
    assert answer.fields["errorType"] == "not_found"


async def test_what_is_somebody_elses_is_not_there(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.cameras[SECOND].owner = cloud.world.keys.add_account().key
    assert (await api.get(f"/api/v2/cameras/{SECOND}/")).status == 404
    assert (await api.get(f"/api/v3/channels/{SECOND}/")).status == 404
    listed = (await api.get("/api/v2/cameras/")).objects
    assert SECOND not in [camera["id"] for camera in listed]


async def test_a_share_in_the_query_opens_one_camera_without_a_header(
    api: Api, cloud: VxgSimulator
) -> None:
    share = cloud.world.cameras[CAMERA].shares["all"].token
    answer = await api.get(f"/api/v2/cameras/{CAMERA}/video/", header=None, token=share)
    assert answer.status == 200
    assert (await api.get("/api/v4/live/watch/", header=None, token=share)).status == 200
    answer = await api.get(f"/api/v2/cameras/{SECOND}/video/", header=None, token=share)
    assert answer.status == 404
    group = cloud.world.group.share.token
    for token in (group, "share.wrong", ""):
        answer = await api.get("/api/v2/cameras/", header=None, token=token)
        assert answer.status == 401


async def test_a_token_that_was_replaced_is_refused(api: Api, cloud: VxgSimulator) -> None:
    old = api.channel()
    cloud.world.end_share(CAMERA)
    assert (await api.get("/api/v4/channel/", header=old)).status == 401
    assert (await api.get("/api/v4/channel/", header=api.channel())).status == 200


async def test_a_key_that_was_replaced_is_refused(api: Api, cloud: VxgSimulator) -> None:
    old, group = api.key, api.group
    cloud.world.replace_key()
    assert (await api.get("/api/v2/cameras/", header=old)).status == 401
    assert (await api.get("/api/v2/cameras/")).status == 200
    assert (await api.get("/api/v5/channels/", header=group)).status == 200


async def test_credentials_end_when_their_time_has_come(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.account.expire = cloud.world.now() + 60
    cloud.world.group.share.expire = cloud.world.now() + 60
    for header, path in ((api.key, "/api/v2/cameras/"), (api.group, "/api/v5/channels/")):
        assert (await api.get(path, header=header)).status == 200
    cloud.clock.advance(61)
    for header, path in ((api.key, "/api/v2/cameras/"), (api.group, "/api/v5/channels/")):
        assert (await api.get(path, header=header)).status == 401


async def test_a_group_sees_its_own_channels_only(api: Api, cloud: VxgSimulator) -> None:
    group = cloud.world.add_group("Some", [SECOND])
    header = f"SI {cloud.world.group_token(group.id)}"
    for path in ("/api/v5/channels/", "/api/v2/cameras/"):
        assert [each["id"] for each in (await api.get(path, header=header)).objects] == [SECOND]
    events = (await api.get("/api/v2/storage/events/", header=header)).objects
    assert {each["camid"] for each in events} == {SECOND}
    assert (await api.get(f"/api/v2/cameras/{CAMERA}/", header=header)).status == 404


async def test_a_group_may_be_kept_from_v2(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.group_reads_v2 = False
    for path in ("/api/v2/cameras/", f"/api/v2/cameras/{CAMERA}/"):
        assert (await api.get(path, header=api.group)).status == 401
    assert (await api.get("/api/v5/channels/", header=api.group)).status == 200


async def test_a_token_for_looking_looks(api: Api, cloud: VxgSimulator) -> None:
    watch = api.channel("watch")
    for path in (
        "/api/v4/live/watch/",
        "/api/v4/storage/records/",
        f"/api/v2/cameras/{CAMERA}/preview/",
        "/api/v2/storage/events/",
    ):
        assert (await api.get(path, header=watch)).status == 200
    assert (await api.get("/api/v4/live/image/", header=watch)).status == 403
    cloud.faults.watch_gets_images = True
    assert (await api.get("/api/v4/live/image/", header=watch)).status == 200
    cloud.faults.watch_reads_events = False
    assert (await api.get("/api/v2/storage/events/", header=watch)).status == 403


def test_tokens_have_the_shape_that_users_paste(cloud: VxgSimulator) -> None:
    token = json.loads(base64.b64decode(cloud.world.channel_token(CAMERA)))
    assert token["camid"] == CAMERA
    assert token["cmngrid"] == cloud.world.cameras[CAMERA].manager
    assert token["access"] == "all"
    assert token["api"] == "127.0.0.1"
    assert token["api_p"] == cloud.port
    head, body, issued, signature = token["token"].split(".")
    assert head == "share"
    assert "si" in json.loads(base64.urlsafe_b64decode(body + "=="))
    assert "t" in issued
    assert len(signature) == 27
    group = json.loads(base64.b64decode(cloud.world.group_token()))
    assert "camid" not in group
    cloud.set_token_shape(names_host=False, path="/vxg/", ports={"api_p": 80, "api_sp": 443})
    token = json.loads(base64.b64decode(cloud.world.channel_token(CAMERA)))
    assert "api" not in token
    assert (token["api_p"], token["api_sp"], token["path"]) == (80, 443, "/vxg/")
