"""Setting up an account: the kind of credential and the server show by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.vxg.flow import VxgForm
from simulators.vxg import VxgSimulator
from simulators.vxg.world import World

from ..paxton_net2.form import suggested
from ..table_tracker.linking import go_on, sentence
from .form import created, fill, filled, impostor, open_form
from .site import data_of


def first(world: World) -> int:
    return next(iter(world.cameras))


def told(result: ConfigFlowResult) -> str:
    """Return the error that a form shows, which has words."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "vxg"), result
    assert result["errors"]
    assert sentence("error", result["errors"]["base"])
    return result["errors"]["base"]


async def test_the_form_asks_for_a_credential_alone(hass: HomeAssistant) -> None:
    form = await open_form(hass)
    assert (form["type"], form["step_id"], form["errors"]) == ("form", "vxg", None)
    assert form["data_schema"]({"credential": "v3.abc"}) == {"credential": "v3.abc"}


async def test_a_groups_token_finds_host_and_port_by_itself(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    token = cloud.world.group_token()
    result = await fill(hass, f"  {token}\n")
    entry = await created(hass, result)
    assert entry.title == f"VXG {cloud.host}"
    assert entry.data == data_of(cloud, token)
    assert entry.unique_id
    assert entry.unique_id.startswith("vxg-")
    assert token not in entry.unique_id
    assert len(entry.runtime_data.cameras) == len(cloud.world.cameras)
    assert {each.kind for each in cloud.requests} >= {"SI"}


async def test_a_licence_key_needs_an_address(hass: HomeAssistant, cloud: VxgSimulator) -> None:
    key = cloud.world.licence_key()
    refused = await fill(hass, key)
    assert told(refused) == "url_needed"
    assert cloud.requests == []
    assert suggested(refused) == {}
    entry = await created(hass, await go_on(hass, refused, filled(key, cloud.url)))
    assert entry.data == data_of(cloud, key)
    [hub] = [
        device
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if device.entry_type is dr.DeviceEntryType.SERVICE
    ]
    assert (hub.model, hub.configuration_url) == ("Cloud VMS account", cloud.url)


@pytest.mark.parametrize("level", ["all", "watch"])
async def test_a_channels_token_is_one_camera(
    hass: HomeAssistant, cloud: VxgSimulator, level: str
) -> None:
    camera = first(cloud.world)
    entry = await created(hass, await fill(hass, cloud.world.channel_token(camera, level)))
    assert entry.title == cloud.world.cameras[camera].name
    assert [each.id for each in entry.runtime_data.cameras] == [camera]
    assert entry.runtime_data.cameras[0].is_full is (level == "all")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "[::1", "http://127.0.0.1:99999"])
async def test_an_address_that_is_none_is_told_and_kept_for_correction(
    hass: HomeAssistant, cloud: VxgSimulator, url: str
) -> None:
    refused = await fill(hass, cloud.world.licence_key(), url)
    assert told(refused) == "invalid_url"
    assert cloud.requests == []
    assert suggested(refused) == {"url": url}
    await created(hass, await go_on(hass, refused, filled(cloud.world.licence_key(), cloud.url)))


@pytest.mark.parametrize("tail", ["/", "/docs/", "/docs/index.html", "/api/v2/cameras/?limit=1"])
@pytest.mark.parametrize("path", ["", "svp"])
async def test_a_page_of_the_server_is_cut_down_to_its_address(
    hass: HomeAssistant, cloud: VxgSimulator, path: str, tail: str
) -> None:
    cloud.set_token_shape(path=path)
    key = cloud.world.licence_key()
    entry = await created(hass, await fill(hass, key, f" {cloud.url}{tail} "))
    assert entry.data == {**data_of(cloud, key), "path": path}


async def test_a_host_alone_has_the_tokens_port(hass: HomeAssistant, cloud: VxgSimulator) -> None:
    """The host in a token may be an internal name: what is typed wins."""
    cloud.world.keys.shape.host = "cloud.invalid"
    token = cloud.world.group_token()
    entry = await created(hass, await fill(hass, token, "127.0.0.1"))
    assert entry.data == data_of(cloud, token)


async def test_a_token_without_a_host_needs_an_address(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    cloud.set_token_shape(names_host=False)
    token = cloud.world.group_token()
    refused = await fill(hass, token)
    assert told(refused) == "url_needed"
    await created(hass, await go_on(hass, refused, filled(token, cloud.url)))


async def test_a_token_names_the_path_before_the_api(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    cloud.set_token_shape(path="svp/vms")
    token = cloud.world.group_token()
    entry = await created(hass, await fill(hass, token))
    assert entry.data == {**data_of(cloud, token), "path": "svp/vms"}
    assert {each.path.startswith("/svp/vms/api/") for each in cloud.requests} == {True}


async def test_a_token_that_names_a_port_with_tls_is_sent_nowhere_without(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    """Whoever can close one port must not get the token at another."""
    cloud.set_token_shape(ports={"api_sp": 1, "api_p": cloud.port})
    assert told(await fill(hass, cloud.world.group_token())) == "cannot_connect"
    assert cloud.requests == []


async def test_a_group_whose_token_reads_no_lists_of_v2(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    cloud.faults.group_reads_v2 = False
    entry = await created(hass, await fill(hass, cloud.world.group_token()))
    assert len(entry.runtime_data.cameras) == len(cloud.world.cameras)


# Trouble


@dataclass(frozen=True)
class Trouble:
    """Something that makes a form fail: `strike` brings it about, `mend` ends it."""

    error: str
    strike: Callable[[VxgSimulator], Any] = lambda _: None
    mend: Callable[[VxgSimulator], Any] = lambda _: None
    credential: Callable[[World], str] = World.licence_key


def _fails(status: int, path: str, **more: Any) -> Callable[[VxgSimulator], None]:
    return lambda cloud: cloud.faults.fail(status, path=path, **more)


def _clip_token(world: World) -> str:
    """Return a token that was made for one clip, and opens nothing else."""
    return world.keys.access_token(world.keys.share(("clipplay",), camera=first(world)))


def _ended_token(world: World) -> str:
    """Return a token that was replaced."""
    token = world.channel_token(first(world))
    world.end_share(first(world))
    return token


#: The server is looked for first, and then read from.
TWICE = {"times": 2}

TROUBLES = {
    "the cloud is off": Trouble("cannot_connect", VxgSimulator.stop, VxgSimulator.start),
    "it is broken": Trouble("cannot_connect", _fails(502, "/cameras")),
    "it breaks off": Trouble(
        "cannot_connect", lambda cloud: cloud.faults.lose_answers(path="/cameras")
    ),
    "the key is wrong": Trouble("credential_refused", credential=lambda _: "v3.nobody"),
    "the key cannot be one": Trouble("cannot_connect", credential=lambda _: "v3.\u0001\u0000"),
    "the token was replaced": Trouble("credential_refused", credential=_ended_token),
    "the token is for a clip": Trouble("credential_too_low", credential=_clip_token),
    "cameras are not for all": Trouble("credential_too_low", _fails(403, "/cameras")),
    "a web page answers": Trouble(
        "wrong_system", _fails(200, "server/time", body="<html>Welcome</html>", **TWICE)
    ),
    "another server answers": Trouble("wrong_system", _fails(404, "server/time", **TWICE)),
    "another API answers": Trouble(
        "wrong_system",
        _fails(200, "server/time", body='{"time": 1}', content_type="application/json", **TWICE),
    ),
    "something asks to sign in": Trouble("wrong_system", _fails(401, "server/time", **TWICE)),
    "no list answers": Trouble(
        "wrong_system", _fails(200, "/cameras", body="{}", content_type="application/json")
    ),
    "half a list answers": Trouble(
        "wrong_system", lambda cloud: cloud.faults.truncate_answers(path="/cameras")
    ),
    "asking is limited": Trouble("rate_limited", _fails(429, "/cameras", retry_after="60")),
    "the cloud is not ready": Trouble("camera_offline", _fails(503, "/cameras")),
    "the request is refused": Trouble("rejected", _fails(400, "/cameras")),
    "the list is missing": Trouble("not_at_camera", _fails(404, "/cameras")),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_trouble_is_told_and_the_form_tried_again(
    hass: HomeAssistant, cloud: VxgSimulator, trouble: Trouble
) -> None:
    credential = trouble.credential(cloud.world)
    if struck := trouble.strike(cloud):
        await struck
    refused = await fill(hass, credential, cloud.url)
    assert told(refused) == trouble.error
    # The credential is pasted anew.
    assert suggested(refused) == {"url": cloud.url}
    assert hass.config_entries.async_entries(DOMAIN) == []
    if mended := trouble.mend(cloud):
        await mended
    key = cloud.world.licence_key()
    entry = await created(hass, await go_on(hass, refused, filled(key, cloud.url)))
    assert entry.data == data_of(cloud, key)


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [(200, "<html>Hello</html>", "text/html"), (404, "", "text/plain"), (302, "", "text/plain")],
)
async def test_something_else_answers_there(
    hass: HomeAssistant, cloud: VxgSimulator, status: int, body: str, content_type: str
) -> None:
    async with impostor(status, body, content_type) as url:
        refused = await fill(hass, cloud.world.licence_key(), url)
    assert told(refused) == "wrong_system"
    await created(hass, await go_on(hass, refused, filled(cloud.world.licence_key(), cloud.url)))


async def test_a_cloud_that_was_away_is_found_with_what_the_form_suggests_then(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    token = cloud.world.group_token()
    await cloud.stop()
    refused = await fill(hass, token)
    assert told(refused) == "cannot_connect"
    await cloud.start()
    again = {"credential": token, **suggested(refused)}
    await created(hass, await go_on(hass, refused, again))


async def test_what_nobody_thought_of_is_told_and_logged(
    hass: HomeAssistant,
    cloud: VxgSimulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    token = cloud.world.group_token()
    with monkeypatch.context() as patch:
        patch.setattr(VxgForm, "async_identify", fail)
        refused = await fill(hass, token)
    assert told(refused) == "unknown"
    assert "ZeroDivisionError" in caplog.text
    await created(hass, await go_on(hass, refused, filled(token)))


async def test_no_secret_is_logged(
    hass: HomeAssistant, cloud: VxgSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = cloud.world.group_token()
    wrong = cloud.world.keys.access_token(cloud.world.keys.share(("all",), group=9))
    refused = await fill(hass, wrong)
    assert told(refused) == "credential_refused"
    await created(hass, await go_on(hass, refused, filled(token)))
    tokens = [share.token for share in cloud.world.keys.shares.values()]
    secrets = [token, wrong, cloud.world.licence_key(), *tokens]
    assert [secret for secret in secrets if secret in caplog.text] == []
