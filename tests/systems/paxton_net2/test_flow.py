"""The form of a Net2 server: what it takes, what it refuses, and how a person recovers."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
import io
import tempfile
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.paxton_net2.flow import Net2Form
from simulators.paxton_net2 import Net2Simulator

from .form import filled, go_on, open_form, suggested

#: The fields of the form that hold a secret, and what they hold in these tests.
SECRETS = {"password": "hunter2-hunter2", "client_secret": "s3cret-s3cret"}


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[Net2Simulator]:
    """Run an old server without encryption: no certificate stands between form and entry."""
    async with Net2Simulator(https=False) as running:
        yield running


@pytest.fixture
def upload(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str | bytes], Awaitable[str]]:
    """Return a function that uploads a file as the browser does; it returns the file's id."""
    # Where uploads are kept is the same folder for every Home Assistant on a machine.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def send(name: str, content: str | bytes) -> str:
        # The test client's server takes no further views once it runs; the real one does.
        assert await async_setup_component(hass, DOMAIN, {})
        client = await hass_client()
        file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
        file.name = name
        response = await client.post("/api/file_upload", data={"file": file})
        assert response.status == 200
        file_id: str = (await response.json())["file_id"]
        return file_id

    return send


def created(hass: HomeAssistant, result: ConfigFlowResult, simulator: Net2Simulator) -> bool:
    """Return whether the flow ended in an entry that works and holds what is right."""
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data == {
        "system": "paxton_net2",
        "host": "127.0.0.1",
        "port": simulator.port,
        "username": "Home Assistant",
        "password": simulator.password,
        "client_id": simulator.client_id,
        "use_https": False,
    }
    return entry.state is ConfigEntryState.LOADED


async def test_a_right_form_makes_an_entry_that_works(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    form = await open_form(hass)
    assert (form["type"], form["step_id"], form["errors"]) == ("form", "paxton_net2", None)

    result = await go_on(hass, form, filled(simulator, host=" 127.0.0.1 "))
    await hass.async_block_till_done()

    assert created(hass, result, simulator)
    assert result["title"] == "Net2 127.0.0.1"
    assert result["result"].unique_id == f"paxton_net2-{min(simulator.world.doors)}"


async def test_a_server_without_doors_is_known_by_its_host(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    simulator.world.doors.clear()
    result = await go_on(hass, await open_form(hass), filled(simulator))
    assert result["result"].unique_id == "paxton_net2-127.0.0.1"


@dataclass(frozen=True)
class Trouble:
    """Something that makes a form fail: `strike` brings it about, `mend` ends it."""

    error: str
    strike: Callable[[Net2Simulator], Any] = lambda _: None
    mend: Callable[[Net2Simulator], Any] = lambda _: None
    form: tuple[tuple[str, Any], ...] = ()


def _fails(status: int, path: str, **more: Any) -> Callable[[Net2Simulator], None]:
    return lambda simulator: simulator.faults.fail(status, path=path, **more)


def _switch(name: str, *, on: bool) -> Callable[[Net2Simulator], None]:
    return lambda simulator: simulator.faults.set(name, on)


TROUBLES = {
    "the server is off": Trouble("cannot_connect", Net2Simulator.stop, Net2Simulator.start),
    "the service is down": Trouble(
        "cannot_connect", _switch("service_down", on=True), _switch("service_down", on=False)
    ),
    "it breaks off": Trouble(
        "cannot_connect", lambda simulator: simulator.faults.lose_answers(path="/tokens")
    ),
    "the host is a URL": Trouble("cannot_connect", form=(("host", "http://127.0.0.1"),)),
    "encryption is asked for": Trouble("cannot_connect", form=(("advanced", {"use_https": True}),)),
    "the password is wrong": Trouble("invalid_auth", form=(("password", "wrong"),)),
    "the operator is wrong": Trouble("invalid_auth", form=(("username", "Nobody"),)),
    "no licence is given": Trouble("invalid_licence", form=(("client_id", None),)),
    "the licence is blank": Trouble("invalid_licence", form=(("client_id", "  "),)),
    "the licence is another": Trouble("invalid_licence", form=(("client_id", "another"),)),
    "the upload is gone": Trouble(
        "invalid_licence", form=(("client_id", None), ("licence_file", "0" * 32))
    ),
    "a secret is missing": Trouble(
        "invalid_licence",
        lambda simulator: setattr(simulator.authority, "client_secret", "s"),
        lambda simulator: setattr(simulator.authority, "client_secret", None),
    ),
    "a second factor is asked for": Trouble(
        "mfa_required", _switch("mfa_required", on=True), _switch("mfa_required", on=False)
    ),
    "a web page answers": Trouble(
        "wrong_system", _fails(200, "/tokens", body="<html>Welcome</html>")
    ),
    "another server answers": Trouble("wrong_system", _fails(404, "/tokens")),
    "another API answers": Trouble(
        "wrong_system", _fails(200, "/doors", body="{}", content_type="application/json")
    ),
    "signing in is limited": Trouble("rate_limited", _fails(429, "/tokens", retry_after="60")),
    "the doors are not for all": Trouble("no_permission", _fails(403, "/doors")),
    "the API is too old": Trouble("not_found", _fails(404, "/doors")),
    "the request is refused": Trouble("rejected", _fails(400, "/doors")),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_trouble_is_told_and_the_form_tried_again(
    hass: HomeAssistant, simulator: Net2Simulator, trouble: Trouble
) -> None:
    form = await open_form(hass)

    if struck := trouble.strike(simulator):
        await struck
    refused = await go_on(hass, form, filled(simulator, **dict(trouble.form)))

    assert refused["type"] is FlowResultType.FORM
    assert refused["step_id"] == "paxton_net2"
    assert refused["errors"] == {"base": trouble.error}
    assert suggested(refused).keys().isdisjoint({"password", "client_secret"})
    assert hass.config_entries.async_entries(DOMAIN) == []

    if mended := trouble.mend(simulator):
        await mended
    result = await go_on(hass, refused, filled(simulator))
    await hass.async_block_till_done()
    assert created(hass, result, simulator)


async def test_what_nobody_thought_of_is_told_and_logged(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    form = await open_form(hass)
    with monkeypatch.context() as patch:
        patch.setattr(Net2Form, "async_identify", fail)
        refused = await go_on(hass, form, filled(simulator))
    assert refused["errors"] == {"base": "unknown"}
    assert "ZeroDivisionError" in caplog.text

    result = await go_on(hass, refused, filled(simulator))
    await hass.async_block_till_done()
    assert created(hass, result, simulator)


async def test_a_refused_form_keeps_what_is_no_secret(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    typed = {"host": "127.0.0.1", "port": simulator.port, "username": "Home Assistant"}
    advanced = {"client_secret": SECRETS["client_secret"], "use_https": False}

    form = filled(simulator, client_id=None, advanced=advanced)
    unread = await go_on(hass, await open_form(hass), form)
    assert suggested(unread) == {**typed, "use_https": False}

    refused = await go_on(hass, unread, filled(simulator, client_id="x", advanced=advanced))
    assert suggested(refused) == {**typed, "client_id": "x", "use_https": False}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("{client_id}.lic", "", id="its name is the id"),
        pytest.param("{client_id}.lic", b"\xff\xfe\x00", id="its content is no text"),
        pytest.param("licence (1).lic", "{licence}", id="its attribute is the id"),
        pytest.param(
            "x.lic", "<Licence clientid = '1' CLIENTID = \"{client_id}\"/>", id="spelling"
        ),
    ],
)
async def test_a_licence_file_tells_the_client_id(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    upload: Callable[[str, str | bytes], Awaitable[str]],
    name: str,
    content: str | bytes,
) -> None:
    form = await open_form(hass)
    known = {"client_id": simulator.client_id, "licence": simulator.licence}
    if isinstance(content, str):
        content = content.format(**known)
    file_id = await upload(name.format(**known), content)

    result = await go_on(hass, form, filled(simulator, client_id=None, licence_file=file_id))
    await hass.async_block_till_done()
    assert created(hass, result, simulator)


async def test_a_licence_file_that_is_another_is_refused_and_chosen_anew(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    upload: Callable[[str, str | bytes], Awaitable[str]],
) -> None:
    form = await open_form(hass)
    wrong = await upload("holiday.lic", "a picture")
    refused = await go_on(hass, form, filled(simulator, client_id=None, licence_file=wrong))
    assert refused["errors"] == {"base": "invalid_licence"}
    # An upload is used up by being read: it cannot be suggested again.
    assert "licence_file" not in suggested(refused)

    right = await upload("licence.lic", simulator.licence)
    result = await go_on(hass, refused, filled(simulator, client_id=None, licence_file=right))
    await hass.async_block_till_done()
    assert created(hass, result, simulator)


async def test_the_file_is_tried_before_the_id_that_the_form_suggests(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    upload: Callable[[str, str | bytes], Awaitable[str]],
) -> None:
    form = await open_form(hass)
    file_id = await upload(f"{simulator.client_id}.lic", simulator.licence)
    fields = filled(simulator, client_id="an older licence", licence_file=file_id)
    await go_on(hass, form, fields)
    tokens = [seen for seen in simulator.requests if seen.path.endswith("/tokens")]
    # One sign-in by the form, one by the entry.
    assert len(tokens) == 2


async def test_only_a_refused_licence_makes_it_try_the_next(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    upload: Callable[[str, str | bytes], Awaitable[str]],
) -> None:
    form = await open_form(hass)
    file_id = await upload(f"{simulator.client_id}.lic", simulator.licence)
    await go_on(hass, form, filled(simulator, password="wrong", licence_file=file_id))
    assert len(simulator.requests) == 1


async def test_a_licence_with_a_secret(hass: HomeAssistant, simulator: Net2Simulator) -> None:
    simulator.authority.client_secret = SECRETS["client_secret"]
    advanced = {"use_https": False, "client_secret": SECRETS["client_secret"]}
    result = await go_on(hass, await open_form(hass), filled(simulator, advanced=advanced))
    assert result["result"].data["client_secret"] == SECRETS["client_secret"]
    assert "advanced" not in result["result"].data


@pytest.mark.parametrize("port", [0, 65536, "https"])
async def test_a_port_is_a_number_of_a_port(
    hass: HomeAssistant, simulator: Net2Simulator, port: object
) -> None:
    form = await open_form(hass)
    with pytest.raises(InvalidData) as refused:
        await go_on(hass, form, filled(simulator, port=port))
    assert simulator.password not in str(refused.value)


async def test_no_secret_is_logged(
    hass: HomeAssistant, simulator: Net2Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    simulator.password = SECRETS["password"]
    simulator.authority.client_secret = SECRETS["client_secret"]
    advanced = {"use_https": False, "client_secret": SECRETS["client_secret"]}
    form = await open_form(hass)
    for mistake in ({"password": "wrong-wrong"}, {"client_id": "no-no-no"}, {}):
        form = await go_on(hass, form, filled(simulator, advanced=advanced) | mistake)
    await hass.async_block_till_done()

    assert form["type"] is FlowResultType.CREATE_ENTRY
    secrets = {*SECRETS.values(), simulator.client_id, "wrong-wrong", "no-no-no"}
    assert [secret for secret in secrets if secret in caplog.text] == []
