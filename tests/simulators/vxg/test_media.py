"""Media hosts: tickets that end, files that refuse what was not signed (sections 4.3, 4.4, 10.13)."""

from datetime import datetime

import pytest

from simulators.vxg import VxgSimulator

from .support import CAMERA, Api

PREVIEW = f"/api/v2/cameras/{CAMERA}/preview/"


async def picture_url(api: Api) -> str:
    url: str = (await api.get(PREVIEW)).fields["url"]
    return url


async def film_url(api: Api) -> str:
    listed = await api.get("/api/v2/storage/data/", camid=CAMERA, limit=1)
    url: str = listed.objects[0]["url"]
    return url


def seconds_until(api: Api, stamp: str) -> float:
    return datetime.fromisoformat(f"{stamp}+00:00").timestamp() - api.cloud.world.now()


# Live


async def test_live_urls_end_after_minutes_an_hour_and_six(api: Api) -> None:
    urls = await api.watch()
    assert 290 < seconds_until(api, urls["expire"]) < 310
    assert 3590 < seconds_until(api, urls["expire_hls"]) < 3610
    until = float(urls["webrtc"]["connection_url"].rpartition("ticket=")[2].split(".")[2])
    assert 21590 < until - api.cloud.world.now() < 21610
    assert urls["webrtc"]["version"] == "2.0.2"
    assert urls["webrtc"]["ice_servers"][1]["username"]
    assert "rtc" not in urls


async def test_a_playlist_is_not_there_until_the_camera_is_pulled(
    api: Api, cloud: VxgSimulator
) -> None:
    url = (await api.watch())["hls"]
    assert (await api.fetch(url)).status == 404
    cloud.clock.advance(cloud.faults.warm_up + 0.1)
    answer = await api.fetch(url)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.apple.mpegurl")
    assert answer.body.startswith(b"#EXTM3U")
    segment = answer.body.decode().splitlines()[-1]
    answer = await api.fetch(url.rpartition("/")[0] + f"/{segment}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "video/mp2t"
    assert answer.body[0] == 0x47


async def test_a_camera_that_starts_may_answer_busy_first(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.busy_starts = 2
    path = "/api/v4/live/watch/"
    found = [(await api.get(path, header=api.channel())).status for _ in range(3)]
    assert found == [503, 503, 200]


@pytest.mark.parametrize("status", [403, 404])
async def test_a_ticket_ends_a_quarter_of_an_hour_after_it_says(
    api: Api, cloud: VxgSimulator, status: int
) -> None:
    cloud.faults.expired_status = status
    url = (await api.watch())["hls"]
    cloud.clock.advance(3600 + 890)
    assert (await api.fetch(url)).status == 200
    cloud.clock.advance(20)
    assert (await api.fetch(url)).status == status


async def test_a_ticket_is_for_its_own_stream(api: Api) -> None:
    url: str = (await api.watch())["hls"]
    api.cloud.clock.advance(10)
    assert (await api.fetch(url.replace("_primary", "_secondary"))).status == 403
    assert (await api.fetch(url.replace("media.ey", "media.ez"))).status == 403
    second = (await api.watch(stream_id="Second"))["hls"]
    assert "_secondary" in second
    assert (await api.fetch(second)).status == 200


@pytest.mark.parametrize("file", ["x.ts", ".ts", "index.m3u", "../../x"])
async def test_a_file_of_a_stream_that_is_none_is_not_there(api: Api, file: str) -> None:
    url: str = (await api.watch())["hls"]
    api.cloud.clock.advance(10)
    assert (await api.fetch(url.rpartition("/")[0] + f"/{file}")).status == 404


async def test_a_camera_that_goes_takes_its_stream_with_it(api: Api, cloud: VxgSimulator) -> None:
    url = (await api.watch())["hls"]
    cloud.clock.advance(10)
    cloud.world.set_status(CAMERA, "offline")
    assert (await api.fetch(url)).status == 404
    answer = await api.get("/api/v4/live/watch/", header=api.channel())
    assert answer.status == 404


async def test_keys_may_be_missing_and_old_signalling_be_there(
    api: Api, cloud: VxgSimulator
) -> None:
    cloud.faults.missing_live_keys = ["hls", "webrtc"]
    cloud.faults.old_signalling = True
    urls = await api.watch()
    assert not {"hls", "webrtc"} & urls.keys()
    assert urls["rtc"].startswith("http://127.0.0.1:8080?source=rtmp")


# Files


@pytest.mark.parametrize("find", [picture_url, film_url])
async def test_a_file_is_to_be_had_without_any_credential(api: Api, find) -> None:
    answer = await api.fetch(await find(api))
    assert answer.status == 200
    assert answer.headers["Content-Type"] in {"image/jpeg", "video/mp4"}
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert len(answer.body) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize("find", [picture_url, film_url])
async def test_two_kinds_of_credential_are_one_too_many(api: Api, find) -> None:
    assert (await api.fetch(await find(api), Authorization=api.key)).status == 400


@pytest.mark.parametrize("more", ["&a=b", "&token=share.x", "&X-Amz-Date=2024", "&X-Amz-Expires=9"])
async def test_any_parameter_that_is_added_breaks_the_signature(api: Api, more: str) -> None:
    assert (await api.fetch(await picture_url(api) + more)).status == 403


async def test_nor_may_a_parameter_be_given_twice(api: Api) -> None:
    url = await picture_url(api)
    for parameter in url.partition("?")[2].split("&")[:-1]:
        assert (await api.fetch(f"{url}&{parameter}")).status == 403


async def test_what_was_not_signed_is_refused(api: Api) -> None:
    url = await picture_url(api)
    assert (await api.fetch(url.partition("?")[0])).status == 403
    assert (await api.fetch(url.replace(str(CAMERA), str(CAMERA + 1)))).status == 403
    assert (await api.fetch(url[:-1])).status == 403


async def test_a_file_ends_when_the_list_says(api: Api, cloud: VxgSimulator) -> None:
    listed = await api.get("/api/v2/storage/data/", camid=CAMERA, limit=1)
    url, expire = listed.objects[0]["url"], listed.fields["meta"]["expire"]
    assert 3590 < seconds_until(api, expire) < 3610
    cloud.clock.advance(3590)
    assert (await api.fetch(url)).status == 200
    cloud.clock.advance(20)
    assert (await api.fetch(url)).status == 403


async def test_a_film_comes_in_pieces(api: Api) -> None:
    url = await film_url(api)
    whole = (await api.fetch(url)).body
    size = len(whole)
    for wanted, piece, told in (
        ("bytes=0-99", whole[:100], f"bytes 0-99/{size}"),
        ("bytes=100-", whole[100:], f"bytes 100-{size - 1}/{size}"),
        ("bytes=-50", whole[-50:], f"bytes {size - 50}-{size - 1}/{size}"),
        (f"bytes=10-{size + 99}", whole[10:], f"bytes 10-{size - 1}/{size}"),
    ):
        answer = await api.fetch(url, Range=wanted)
        assert answer.status == 206
        assert answer.body == piece
        assert answer.headers["Content-Range"] == told


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=x-y", "apples=0-1"])
async def test_a_piece_that_is_none_is_refused(api: Api, wanted: str) -> None:
    answer = await api.fetch(await picture_url(api), Range=wanted)
    assert answer.status == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


async def test_pictures_of_a_camera_that_is_gone_are_gone(api: Api, cloud: VxgSimulator) -> None:
    url = await picture_url(api)
    cloud.world.remove_camera(CAMERA)
    assert (await api.fetch(url)).status == 404


# Stills


async def test_a_preview_is_old_until_a_new_one_is_asked_for(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.preview_age = 7200
    before = (await api.get(PREVIEW)).fields
    assert -7210 < seconds_until(api, before["time"]) < -7190
    assert (await api.ask("POST", f"{PREVIEW}update/")).status == 200
    after = (await api.get(PREVIEW)).fields
    assert -10 < seconds_until(api, after["time"]) <= 0
    assert seconds_until(api, after["expire"]) > 3500


async def test_a_live_image_is_of_now(api: Api, cloud: VxgSimulator) -> None:
    path, header = "/api/v4/live/image/", api.channel()
    image = (await api.get(path, header=header)).fields
    assert -10 < seconds_until(api, image["time"]) <= 0
    assert (await api.fetch(image["url"])).status == 200
    cloud.world.set_status(CAMERA, "inactive")
    assert (await api.get(path, header=header)).status == 404
