"""Actions: one command each, sent once; answers where they read; refusals in words."""

from datetime import timedelta
import os
from pathlib import Path
from typing import Any

import pytest

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.vxg import actions
from custom_components.gatehouse.systems.vxg.client import storage_api

from .site import Site


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often at what takes a while."""
    monkeypatch.setattr(storage_api, "_POLL_STEP", 0.01)
    monkeypatch.setattr(storage_api, "_POLL_LIMIT", 2.0)


async def call(site: Site, action: str, camera: int | None = None, **data: Any) -> Any:
    """Call an action of a camera and return its answer, if it has one."""
    identifier = site.identifier(camera or site.cameras[0])
    device = dr.async_get(site.hass).async_get_device_by_identifier(
        ("gatehouse", identifier), site.entry.entry_id
    )
    assert device
    supports = site.hass.services.supports_response("gatehouse", action)
    return await site.hass.services.async_call(
        "gatehouse",
        action,
        {"device_id": device.id, **data},
        blocking=True,
        return_response=supports.value != "none",
    )


def span(minutes: float = 10, length: float = 1) -> dict[str, str]:
    """Return a span of time that ended some minutes ago."""
    start = dt_util.utcnow() - timedelta(minutes=minutes)
    return {"start": start.isoformat(), "end": (start + timedelta(minutes=length)).isoformat()}


async def test_a_camera_is_moved_for_a_while_and_stopped(site: Site) -> None:
    await call(site, "move_camera", direction="up", seconds=0.2)
    assert site.told("move") == [
        {"action": "top", "timeout": 200},
        {"action": "stop", "timeout": 200},
    ]


async def test_presets_are_saved_found_by_name_or_number_and_deleted(site: Site) -> None:
    camera = site.cameras[0]
    await call(site, "go_to_preset", preset="Gate")
    await call(site, "go_to_preset", preset="2")
    assert site.told("go_to_preset") == [{"id": "1"}, {"id": "2"}]
    assert await call(site, "save_preset", name="Yard") == {"preset": "3"}
    assert site.state("select", "preset", camera).attributes["options"] == ["Gate", "Drive", "Yard"]
    await call(site, "delete_preset", preset="Yard")
    assert site.state("select", "preset", camera).attributes["options"] == ["Gate", "Drive"]
    with pytest.raises(ServiceValidationError, match="no such preset"):
        await call(site, "go_to_preset", preset="Yard")


async def test_recordings_are_listed(site: Site) -> None:
    found = (await call(site, "list_recordings", **span(60, 5)))["recordings"]
    assert len(found) in {10, 11}
    assert list(found[0]) == ["start", "end", "size"]


async def test_a_clip_is_returned_when_it_is_done(site: Site) -> None:
    clip = (await call(site, "create_clip", title="Delivery", **span()))["clip"]
    assert clip["title"] == "Delivery"
    [stored] = site.cloud.world.storage.clips.values()
    assert (str(stored.id), stored.status) == (clip["clip_id"], "done")
    assert len(site.told("create_clip")) == 1


async def test_a_clip_that_fails_is_told_so(site: Site) -> None:
    site.cloud.faults.clips_fail = True
    with pytest.raises(HomeAssistantError, match="could not do it"):
        await call(site, "create_clip", title="Delivery", **span())
    assert len(site.told("create_clip")) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (span(10, 0.1), "at least 10 seconds"),
        (span(10, 61), "1:00:00"),
        (span(10, -1), "after the start"),
    ],
)
async def test_a_span_that_cannot_be_is_refused(
    site: Site, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ServiceValidationError, match=sentence):
        await call(site, "create_clip", title="x", **given)
    assert site.told("create_clip") == []


async def test_a_recording_is_written_to_a_file(
    hass: HomeAssistant, site: Site, tmp_path: Path
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    file = tmp_path / "gate.mp4"
    answer = await call(site, "export_recording", filename=str(file), **span(10, 0.25))
    assert answer["filename"] == str(file)
    assert answer["size"] == file.stat().st_size
    assert file.read_bytes()[4:8] == b"ftyp"
    assert os.listdir(tmp_path) == ["gate.mp4"]  # noqa: PTH208  # of one file


@pytest.mark.parametrize("name", ["/etc/gate.mp4", "{allowed}/gate.exe"])
async def test_a_file_elsewhere_is_refused_before_anything_is_asked(
    hass: HomeAssistant, site: Site, tmp_path: Path, name: str
) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    hass.config.allowlist_external_dirs = {str(allowed)}
    with pytest.raises(ServiceValidationError, match="may write to"):
        await call(site, "export_recording", filename=name.format(allowed=allowed), **span())
    assert site.told("create_clip") == []


async def test_nothing_half_written_stays_and_nothing_old_is_lost(
    hass: HomeAssistant, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    file = tmp_path / "gate.mp4"
    file.write_bytes(b"what was there before")

    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(HomeAssistantError, match="could not be written"):
        await call(site, "export_recording", filename=str(file), **span(10, 0.25))
    assert file.read_bytes() == b"what was there before"
    assert os.listdir(tmp_path) == ["gate.mp4"]  # noqa: PTH208  # of one file


async def test_images_are_made_of_recordings(site: Site) -> None:
    images = (await call(site, "generate_images", period=20, **span()))["images"]
    assert len(images) == 3
    assert site.told("generate_images")[0]["period"] == "20"


async def test_a_clip_is_shared_until_a_time(site: Site) -> None:
    clip = (await call(site, "create_clip", title="Delivery", **span()))["clip"]
    until = dt_util.utcnow() + timedelta(days=1)
    answer = await call(site, "share_clip", clip_id=clip["clip_id"], expires=until.isoformat())
    assert answer["url"].startswith(site.cloud.url)
    assert "token=share." in answer["url"]


async def test_a_card_is_copied_to_the_cloud(site: Site) -> None:
    await call(site, "sync_sd_card", **span())
    assert site.told("sync_card")[0]["existing_data"] == "error"
    without = site.cameras[1]
    with pytest.raises(HomeAssistantError, match="no such thing"):
        await call(site, "sync_sd_card", without, **span())


async def test_a_moment_is_marked_and_a_new_kind_of_event_is_added(site: Site) -> None:
    camera = site.cameras[0]
    answer = await call(site, "create_event", name="gate_forced", meta={"door": "A"})
    event = site.cloud.world.storage.events[int(answer["event_id"])]
    assert (event.name, event.meta) == ("gate_forced", {"door": "A"})
    assert site.cloud.world.cameras[camera].event_types[-1].name == "gate_forced"
    await call(site, "create_event", name="gate_forced", time=span()["start"])
    assert len(site.told("create_event")) == 3  # the first was refused, and so was made anew


async def test_an_event_is_triggered_where_that_is_possible(site: Site) -> None:
    await call(site, "create_event", name="gate_forced")
    site.cloud.world.cameras[site.cameras[0]].event_types[-1].caps["can_be_triggered"] = True
    await call(site, "trigger_event", name="gate_forced", meta={"door": "A"})
    assert site.told("trigger") == [{"meta": {"door": "A"}}]
    with pytest.raises(HomeAssistantError, match="refused"):
        await call(site, "trigger_event", name="motion")


async def test_a_schedule_is_set_for_some_days(site: Site) -> None:
    await call(
        site, "set_schedule", days=["monday", "friday"], start="06:00", stop="20:30", record="on"
    )
    schedule = site.cloud.world.cameras[site.cameras[0]].settings["schedule"]
    hours = [{"start": "06:00", "stop": "20:30", "record": "on"}]
    assert schedule["monday"] == schedule["friday"] == hours
    assert schedule["sunday"] != hours
    with pytest.raises(ServiceValidationError, match="end after they begin"):
        await call(site, "set_schedule", days=["monday"], start="20:00", stop="06:00")


async def test_a_device_that_is_no_camera_is_refused(hass: HomeAssistant, site: Site) -> None:
    hub = dr.async_get(hass).async_get_device_by_identifier(
        ("gatehouse", site.entry.entry_id), site.entry.entry_id
    )
    assert hub
    with pytest.raises(ServiceValidationError, match="no camera"):
        await site.call("gatehouse", "go_to_preset", device_id=hub.id, preset="Gate")


async def test_what_costs_or_hands_out_film_is_for_administrators(
    hass: HomeAssistant, site: Site, hass_read_only_user: Any
) -> None:
    context = Context(user_id=hass_read_only_user.id)
    admin = {action.name for action in actions.ACTIONS if action.is_admin}
    assert admin == {
        "create_clip",
        "delete_preset",
        "export_recording",
        "generate_images",
        "save_preset",
        "set_schedule",
        "share_clip",
        "sync_sd_card",
    }
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "gatehouse",
            "delete_preset",
            {"device_id": "x", "preset": "Gate"},
            blocking=True,
            context=context,
        )


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_for_watching_may_command_nothing(site: Site) -> None:
    with pytest.raises(HomeAssistantError, match="may only look"):
        await call(site, "go_to_preset", preset="Gate")


async def test_a_lost_answer_is_not_asked_for_again(site: Site) -> None:
    site.cloud.faults.lose_answers(path="/ptz/execute/")
    with pytest.raises(HomeAssistantError, match="may"):
        await call(site, "move_camera", direction="left", seconds=0.1)
    assert len(site.told("move")) == 1
