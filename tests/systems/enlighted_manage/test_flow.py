"""Setting up a manager: the user and the key, the certificate, the floors, and what goes wrong."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import probatio
import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import config_validation as cv

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.flow import EnlightedForm
from simulators.enlighted_manage import EnlightedSimulator
from simulators.kit.certificate import SelfSignedCertificate

from ..paxton_net2.form import suggested
from ..table_tracker.linking import go_on
from ..vxg.form import impostor
from .form import all_floors, created, fill, filled, open_form, told
from .site import data_of

#: The right keys of both schemes, each of its version.
VERSIONS = {"4.5": "new", "4.4": "old"}


@pytest.fixture
def version() -> str:
    """Return the manager's version; tests override this."""
    return "4.5"


@pytest.fixture
async def manager(socket_enabled: None, version: str) -> AsyncGenerator[EnlightedSimulator]:
    """Run a manager of a version."""
    async with EnlightedSimulator(version=version) as running:
        yield running


@pytest.fixture
async def small(socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
    """Run a manager of one floor, which made its certificate itself (appendix C 12)."""
    certificate = SelfSignedCertificate(None, unit="Enlighted", names=())
    async with EnlightedSimulator(floors=1, fixtures=20, certificate=certificate) as running:
        yield running


def offered(form: ConfigFlowResult) -> dict[str, str]:
    """Return the floors that a form offers, by what it stores of them."""
    fields = probatio.to_field_list(form["data_schema"], custom_serializer=cv.custom_serializer)
    [field] = [each for each in fields if each["name"] == "floors"]
    return {each["value"]: each["label"] for each in field["selector"]["select"]["options"]}


def entries(hass: HomeAssistant) -> int:
    return len(hass.config_entries.async_entries(DOMAIN))


async def test_the_form_asks_for_user_and_key(hass: HomeAssistant) -> None:
    form = await open_form(hass)
    assert (form["type"], form["step_id"], form["errors"]) == ("form", "enlighted_manage", None)
    given = {"host": "manager", "username": "me", "api_key": "abc"}
    assert form["data_schema"]({**given, "advanced": {}}) == {
        **given,
        "port": 443,
        "advanced": {"auth_scheme": "auto", "use_https": True},
    }


async def test_all_floors_are_stored_as_none(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    entry = await all_floors(hass, await fill(hass, manager))
    assert entry.title == f"Enlighted {manager.host}"
    assert entry.data == data_of(manager)
    # The gateway of the first floor: its MAC has a zero at its beginning that the manager drops.
    assert entry.unique_id == "enlighted_manage-00b3d60c723a"
    assert manager.commands == []
    assert manager.world.mistakes == []


async def test_floors_are_offered_by_building_and_some_can_be_chosen(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    form = await fill(hass, manager)
    assert (form["step_id"], form["errors"]) == ("floors", None)
    assert offered(form) == {"1": "Main: First Floor", "2": "Main: Second Floor"}
    entry = await created(hass, await go_on(hass, form, {"floors": ["2"]}))
    assert entry.data == {**data_of(manager), "floors": ["2"]}
    assert list(entry.runtime_data.floors) == [2]


async def test_no_floor_is_no_choice(hass: HomeAssistant, manager: EnlightedSimulator) -> None:
    form = await fill(hass, manager)
    refused = await go_on(hass, form, {"floors": []})
    assert told(refused, "floors") == "no_floors"
    await all_floors(hass, refused)


async def test_a_floor_that_is_none_cannot_be_chosen(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    form = await fill(hass, manager)
    with pytest.raises(InvalidData):
        await go_on(hass, form, {"floors": ["3"]})


async def test_a_manager_that_goes_away_before_floors_were_chosen(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    form = await fill(hass, manager)
    await manager.stop()
    refused = await go_on(hass, form, {"floors": ["1"]})
    assert told(refused) == "cannot_connect"
    assert suggested(refused) == suggestion(manager)
    await manager.start()
    await all_floors(hass, await go_on(hass, refused, filled(manager)))


@pytest.mark.usefixtures("refused_handshakes")
async def test_a_certificate_without_any_name_is_shown_and_pinned(
    hass: HomeAssistant, small: EnlightedSimulator
) -> None:
    assert small.certificate
    shown = await fill(hass, small)
    assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "confirm_certificate")
    page = shown["description_placeholders"]
    assert page
    assert (page["subject"], page["names"]) == ("OU=Enlighted", "–")
    assert page["fingerprint"].replace(":", "").lower() == small.certificate.fingerprint
    # Before anybody trusts it, the key goes nowhere.
    assert small.requests == []
    # There is but one floor: nobody is asked which.
    entry = await created(hass, await go_on(hass, shown))
    assert entry.data == data_of(small)
    assert entry.data["fingerprint"] == small.certificate.fingerprint


async def test_what_is_pasted_may_have_blanks_around_it(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    right = filled(manager)
    pasted = {
        "host": f" {right['host']} ",
        "username": f"{right['username']}\t",
        "api_key": f"\n {right['api_key']}\r\n",
    }
    entry = await all_floors(hass, await fill(hass, manager, **pasted))
    assert entry.data == data_of(manager)


# Both schemes, both versions


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("scheme", ["auto", "v4_5", "v4_4"])
async def test_a_scheme_is_found_by_trying_or_given(
    hass: HomeAssistant, manager: EnlightedSimulator, version: str, scheme: str
) -> None:
    result = await fill(hass, manager, auth_scheme=scheme)
    if (version, scheme) == ("4.4", "v4_5"):
        # It takes that for no credentials at all, and leads to its login page.
        assert told(result) == "invalid_auth"
        assert {each.scheme for each in manager.requests} == {"new"}
        result = await go_on(hass, result, filled(manager))
        scheme = "auto"
    entry = await all_floors(hass, result)
    assert entry.data["auth_scheme"] == scheme
    assert manager.requests[-1].scheme == ("old" if scheme == "v4_4" else VERSIONS[version])
    assert manager.world.mistakes == []


# Trouble


def suggestion(manager: EnlightedSimulator, **changes: Any) -> dict[str, Any]:
    """Return what a form suggests after an error: all but the key."""
    data = {**data_of(manager), **changes}
    names = ("host", "port", "username", "auth_scheme", "use_https")
    return {name: data[name] for name in names}


@dataclass(frozen=True)
class Trouble:
    """Something that makes a form fail: `strike` brings it about, `mend` ends it."""

    error: str
    strike: Callable[[EnlightedSimulator], Any] = lambda _: None
    mend: Callable[[EnlightedSimulator], Any] = lambda _: None
    changes: dict[str, Any] = field(default_factory=dict)


def _fails(status: int, **more: Any) -> Callable[[EnlightedSimulator], None]:
    """Let the list of floors fail: once more where another scheme or an older list is tried."""
    times = 2 if status in (403, 404, 408) else 1
    return lambda manager: manager.faults.fail(status, times=times, path="/org/floor/", **more)


def _set(**switches: Any) -> Callable[[EnlightedSimulator], None]:
    def apply(manager: EnlightedSimulator) -> None:
        for name, value in switches.items():
            manager.faults.set(name, value)

    return apply


def _role(role: str) -> Callable[[EnlightedSimulator], None]:
    def apply(manager: EnlightedSimulator) -> None:
        manager.world.gate.users["integration"].role = role

    return apply


def _active(*, is_active: bool) -> Callable[[EnlightedSimulator], None]:
    return lambda manager: manager.world.set_active("integration", is_active)


_WRONG = {"api_key": "0" * 64}
TROUBLES = {
    "it is off": Trouble("cannot_connect", EnlightedSimulator.stop, EnlightedSimulator.start),
    "it is broken": Trouble("cannot_connect", _fails(502)),
    "it breaks off": Trouble(
        "cannot_connect", lambda manager: manager.faults.lose_answers(path="/floor/v1/list")
    ),
    "a gateway's list breaks off": Trouble(
        "cannot_connect", lambda manager: manager.faults.lose_answers(path="/gateways")
    ),
    "the host is an address": Trouble("cannot_connect", changes={"host": "https://127.0.0.1/ems"}),
    "the key is wrong": Trouble("invalid_auth", changes=_WRONG),
    "the key cannot be one": Trouble("invalid_auth", changes={"api_key": "a\nb"}),
    "the user is wrong": Trouble("invalid_auth", changes={"username": "nobody"}),
    "the user is switched off": Trouble(
        "invalid_auth", _active(is_active=False), _active(is_active=True)
    ),
    "it leads to its login page": Trouble(
        "invalid_auth", _set(wrong_credentials=302), changes=_WRONG
    ),
    "it shows its login page": Trouble("invalid_auth", _set(wrong_credentials=200), changes=_WRONG),
    "the user may see nothing": Trouble("no_permission", _fails(403)),
    "the user has no floor": Trouble("no_floors", _role("Employee"), _role("Administrator")),
    "a page answers that is not there": Trouble("wrong_system", _fails(404)),
    "another system answers": Trouble(
        "wrong_system", _fails(200, body="hello", content_type="text/plain")
    ),
    "another API answers": Trouble(
        "wrong_system", _fails(200, body='{"floors": 2}', content_type="application/json")
    ),
    "no list answers": Trouble(
        "no_floors", _fails(200, body='{"doors": []}', content_type="application/json")
    ),
    "half a list answers": Trouble(
        "wrong_system", lambda manager: manager.faults.truncate_answers(path="/floor/v1/list")
    ),
    "it understands and does not": Trouble("rejected", _fails(400)),
    "it wants to be asked less often": Trouble("cannot_connect", _fails(429, retry_after="60")),
    "the times differ": Trouble("clock_refused", _fails(408)),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_trouble_is_told_and_the_form_tried_again(
    hass: HomeAssistant, manager: EnlightedSimulator, trouble: Trouble
) -> None:
    if struck := trouble.strike(manager):
        await struck
    refused = await fill(hass, manager, **trouble.changes)
    if refused["step_id"] == "floors":
        # The gateways are read once the floors are chosen.
        refused = await go_on(hass, refused, {"floors": ["1", "2"]})
    assert told(refused) == trouble.error
    # The key is pasted anew.
    shown = {key: each for key, each in trouble.changes.items() if key != "api_key"}
    assert suggested(refused) == suggestion(manager, **shown)
    assert entries(hass) == 0
    if mended := trouble.mend(manager):
        await mended
    entry = await all_floors(hass, await go_on(hass, refused, filled(manager)))
    assert entry.data == data_of(manager)


@pytest.mark.parametrize("version", ["4.4"])
async def test_a_manager_that_knows_the_older_scheme_alone_refuses_with_either(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    refused = await fill(hass, manager, api_key="0" * 40)
    assert told(refused) == "invalid_auth"
    assert [each.scheme for each in manager.requests] == ["new", "old"]
    await all_floors(hass, await go_on(hass, refused, filled(manager)))


@pytest.mark.parametrize("version", ["4.4"])
@pytest.mark.parametrize("ahead", [-7200.0, 7200.0])
async def test_a_clock_that_is_off_is_met_by_signing_with_the_managers(
    hass: HomeAssistant, manager: EnlightedSimulator, ahead: float
) -> None:
    _set(clock_offset=ahead, ts_window=300.0)(manager)
    await all_floors(hass, await fill(hass, manager, auth_scheme="v4_4"))


@pytest.mark.parametrize(
    ("status", "body", "content_type", "error"),
    [
        (200, "<html>Hello</html>", "text/html", "invalid_auth"),
        # Some managers write an empty list as nothing at all.
        (200, "", "text/plain", "no_floors"),
        (404, "", "text/plain", "wrong_system"),
        (302, "", "text/plain", "invalid_auth"),
        (401, "", "text/plain", "invalid_auth"),
    ],
)
async def test_something_else_answers_there(  # noqa: PLR0917  # an answer, and what it means
    hass: HomeAssistant,
    manager: EnlightedSimulator,
    status: int,
    body: str,
    content_type: str,
    error: str,
) -> None:
    async with impostor(status, body, content_type) as url:
        port = int(url.rpartition(":")[2])
        refused = await fill(hass, manager, port=port)
    assert told(refused) == error
    await all_floors(hass, await go_on(hass, refused, filled(manager)))


async def test_a_server_without_encryption_is_told(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    form = filled(manager, advanced={"auth_scheme": "auto", "use_https": True})
    refused = await go_on(hass, await open_form(hass), form)
    assert told(refused) == "cannot_connect"
    assert manager.requests == []
    await all_floors(hass, await go_on(hass, refused, filled(manager)))


async def test_what_nobody_thought_of_is_told_and_logged(
    hass: HomeAssistant,
    manager: EnlightedSimulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(EnlightedForm, "async_identify", fail)
        refused = await fill(hass, manager)
    assert told(refused) == "unknown"
    assert "ZeroDivisionError" in caplog.text
    await all_floors(hass, await go_on(hass, refused, filled(manager)))


async def test_no_secret_is_logged(
    hass: HomeAssistant, manager: EnlightedSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    wrong = "f" * 64
    refused = await fill(hass, manager, api_key=wrong)
    assert told(refused) == "invalid_auth"
    await all_floors(hass, await go_on(hass, refused, filled(manager)))
    key = manager.world.key_of("integration")
    assert [secret for secret in (key, wrong) if secret in caplog.text] == []
