"""Lists, paths, bodies, and what goes wrong on the way (sections 2.8, 3.1, 7.1)."""

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from simulators.vxg import VxgSimulator

from .support import CAMERA, SECOND, Answer, Api

CAMERAS = "/api/v2/cameras/"
EVENTS = "/api/v2/storage/events/"


async def pages(api: Api, path: str, **params: str | int) -> list[Answer]:
    """Follow `next` to the end."""
    found = [await api.get(path, **params)]
    while following := found[-1].fields["meta"]["next"]:
        assert following.startswith(f"{path}?")
        found.append(await api.get(path, **dict(parse_qsl(urlsplit(following).query))))
    return found


@pytest.fixture
def many(cloud: VxgSimulator) -> VxgSimulator:
    for _ in range(41 - len(cloud.world.cameras)):
        cloud.world.add_camera(plain=True)
    return cloud


@pytest.mark.parametrize("path", [CAMERAS, "/api/v3/channels/", "/api/v5/channels/"])
async def test_twenty_is_the_default_and_next_leads_to_the_rest(
    api: Api, many: VxgSimulator, path: str
) -> None:
    found = await pages(api, path)
    assert [len(page.objects) for page in found] == [20, 20, 1]
    assert len({each["id"] for page in found for each in page.objects}) == 41
    assert found[0].fields["meta"] == {
        "limit": 20,
        "next": f"{path}?limit=20&offset=20",
        "offset": 0,
        "previous": None,
        "total_count": 41,
    }
    assert found[2].fields["meta"]["next"] is None
    assert found[2].fields["meta"]["previous"] == f"{path}?limit=20&offset=20"


async def test_no_page_has_more_than_a_thousand(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.storage.events.clear()
    cloud.world.storm(2500)
    found = await pages(api, EVENTS, limit=5000)
    assert [len(page.objects) for page in found] == [1000, 1000, 500]


async def test_next_keeps_what_was_asked_for(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.happen(CAMERA, "sound")
    cloud.world.cameras[CAMERA].name = "Car & park = 50% + more"
    cloud.world.cameras[SECOND].name = "Car & park = 50% + even more"
    found = await pages(api, CAMERAS, limit=1, name__icontains="& park = 50% +")
    assert [page.objects[0]["id"] for page in found] == [CAMERA, SECOND]
    found = await pages(api, EVENTS, limit=7, camid=CAMERA, events="motion", order_by="-time")
    listed = [each for page in found for each in page.objects]
    assert len(listed) == 24
    assert {(each["camid"], each["name"]) for each in listed} == {(CAMERA, "motion")}
    times = [each["time"] for each in listed]
    assert times == sorted(times, reverse=True)


async def test_a_share_in_the_query_is_not_repeated_in_next(api: Api, many: VxgSimulator) -> None:
    share = many.world.cameras[CAMERA].shares["all"].token
    answer = await api.get(EVENTS, header=None, token=share, limit=1)
    assert "share" not in answer.fields["meta"]["next"]


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": -1}, {"limit": "x"}, {"offset": -1}, {"order_by": "colour"}]
)
async def test_a_page_that_cannot_be_is_refused(api: Api, params: dict[str, str | int]) -> None:
    answer = await api.get(EVENTS, **params)
    assert answer.status == 400
    assert answer.fields["status"] == 400


@pytest.mark.parametrize("moment", ["2024-07-24T12:00:00Z", "2024-07-24T12:00:00+02:00", "noon"])
async def test_a_time_with_a_zone_is_none(api: Api, moment: str) -> None:
    assert (await api.get(EVENTS, start=moment)).status == 400


async def test_times_are_of_utc_and_do_not_say_so(api: Api, cloud: VxgSimulator) -> None:
    camera = (await api.get(f"{CAMERAS}{CAMERA}/")).fields
    moment = datetime.fromisoformat(camera["created"])
    assert moment.tzinfo is None
    now = datetime.fromisoformat((await api.get("/api/v2/server/time/")).fields["utc"])
    assert now.tzinfo is None
    cloud.clock.advance(3600)
    cloud.world.skew(60)
    later = datetime.fromisoformat((await api.get("/api/v2/server/time/")).fields["utc"])
    assert 3660 <= (later - now).total_seconds() < 3670


async def test_tags_keep_and_drop(api: Api, cloud: VxgSimulator) -> None:
    archive, gateway = cloud.world.add_archive(), cloud.world.add_gateway()
    for path in (CAMERAS, "/api/v3/channels/", "/api/v5/channels/"):
        dropped = [each["id"] for each in (await api.get(path, meta_not="isstorage")).objects]
        assert archive not in dropped
        assert gateway in dropped
        kept = [each["id"] for each in (await api.get(path, meta="isstorage")).objects]
        assert kept == [archive]
        behind = [each["id"] for each in (await api.get(path, meta=f"gw{gateway}")).objects]
        assert behind == [gateway, gateway + 1]


async def test_meta_and_preview_come_when_asked_for(api: Api) -> None:
    path = "/api/v5/channels/"
    assert not {"meta", "preview"} & (await api.get(path)).objects[0].keys()
    asked = await api.get(path, include_meta="true", preview="true")
    assert {"meta", "preview"} <= asked.objects[0].keys()
    assert "meta" not in (await api.get(CAMERAS)).objects[0]
    assert "meta" in (await api.get(CAMERAS, detail="detail")).objects[0]
    assert "meta" not in (await api.get(EVENTS)).objects[0]
    event = (await api.get(EVENTS, include_meta="true")).objects[0]
    assert "meta" in event


async def test_v5_may_leave_names_away(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.nameless_channels = True
    assert "name" not in (await api.get("/api/v5/channels/")).objects[0]


# Paths and methods


@pytest.mark.parametrize("path", ["/", "/api/v2/", "/api/v2/nonsense/", "/api/v1/cameras/"])
async def test_what_is_not_there_is_not_there(api: Api, path: str) -> None:
    assert (await api.get(path)).status == 404


@pytest.mark.parametrize(
    "path", [f"{CAMERAS}999/", f"{CAMERAS}x/", f"{CAMERAS}{CAMERA}/nonsense/", f"{EVENTS}9/"]
)
async def test_an_object_that_is_not_there_is_told_in_json(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert answer.status == 404
    assert answer.fields["errorType"] == "not_found"


async def test_a_method_that_a_path_lacks_is_told(api: Api) -> None:
    assert (await api.ask("PATCH", CAMERAS)).status == 405
    assert (await api.ask("DELETE", "/api/v2/account/")).status == 405


async def test_the_slash_at_the_end_may_be_left_away_or_redirected(
    api: Api, cloud: VxgSimulator
) -> None:
    assert (await api.get("/api/v3/channels")).status == 200
    cloud.faults.redirect_slash = True
    answer = await api.get("/api/v3/channels")
    assert answer.status == 301
    assert answer.headers["Location"] == "/api/v3/channels/"
    assert (await api.get("/api/v3/channels/")).status == 200


async def test_a_body_has_to_be_json(api: Api, cloud: VxgSimulator) -> None:
    url = f"{cloud.url}{CAMERAS}{CAMERA}/"
    headers = {"Authorization": api.key}
    async with aiohttp.ClientSession() as session:
        for data, status in ((b"{", 400), (b"[]", 200), (b"7", 200), (b"", 200)):
            async with session.put(url, data=data, headers=headers) as answer:
                assert answer.status == status


async def test_a_path_before_the_api_belongs_to_every_path(api: Api, cloud: VxgSimulator) -> None:
    root = cloud.url
    cloud.set_token_shape(path="/vxg/cloud/")
    assert (await api.get(CAMERAS)).status == 200
    assert (await api.get(f"{root}{CAMERAS}")).status == 404


# What goes wrong


async def test_an_old_server_has_no_newer_families(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.old_server = True
    channel = api.channel()
    for path, header in (
        ("/api/v4/channel/", channel),
        ("/api/v5/channels/", api.group),
        ("/api/v6/servers/", api.key),
    ):
        answer = await api.get(path, header=header)
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/html")
    assert (await api.get(CAMERAS)).status == 200
    assert (await api.get(f"{CAMERAS}{CAMERA}/live_urls/")).status == 200


async def test_failures_strike_as_often_as_told_and_where_told(
    api: Api, cloud: VxgSimulator
) -> None:
    cloud.faults.fail(429, times=2, path="/storage/", retry_after="7")
    assert (await api.get(CAMERAS)).status == 200
    for _ in range(2):
        answer = await api.get(EVENTS)
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "7"
    assert (await api.get(EVENTS)).status == 200


async def test_a_failure_does_nothing_of_what_is_asked(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.fail(502)
    answer = await api.ask("PUT", f"{CAMERAS}{CAMERA}/", {"name": "New"})
    assert answer.status == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert cloud.world.cameras[CAMERA].name == "Gatehouse"


async def test_an_answer_may_be_lost_or_cut(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.lose_answers(9)  # bare HTTP clients repeat a PUT
    with pytest.raises(aiohttp.ClientError):
        await api.ask("PUT", f"{CAMERAS}{CAMERA}/", {"name": "New"})
    assert cloud.world.cameras[CAMERA].name == "New"
    cloud.faults.losses.clear()
    whole = (await api.get(CAMERAS)).body
    cloud.faults.truncate_answers()
    assert (await api.get(CAMERAS)).body == whole[: len(whole) // 2]


async def test_an_ended_plan_gives_empty_lists_and_no_error(api: Api, cloud: VxgSimulator) -> None:
    path = f"/api/v2/storage/data/?camid={CAMERA}"
    assert (await api.get(path)).objects
    cloud.faults.plan_expired = True
    for listed in (path, EVENTS):
        answer = await api.get(listed)
        assert answer.status == 200
        assert answer.objects == []
    limits = (await api.get(f"{CAMERAS}{CAMERA}/limits/")).fields
    assert datetime.fromisoformat(limits["expire"]) < datetime.fromisoformat("2100-01-01")
    assert limits["expire"] < (await api.get("/api/v2/server/time/")).fields["utc"]


async def test_what_came_in_is_noted_without_secrets(api: Api, cloud: VxgSimulator) -> None:
    share = cloud.world.cameras[CAMERA].shares["all"].token
    await api.get(CAMERAS, limit=3)
    await api.get(EVENTS, header=None, token=share)
    first, second = cloud.requests
    assert (first.method, first.path, first.query, first.kind) == (
        "GET",
        CAMERAS,
        ("limit",),
        "LKey",
    )
    assert (second.query, second.kind) == (("token",), "")
    assert cloud.world.licence_key() not in repr(cloud.requests)
    assert share not in repr(cloud.requests)
