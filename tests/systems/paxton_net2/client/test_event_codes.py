"""Event codes and the kinds they fall into."""

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Credential,
    EventKind,
    credential_of,
    kind_of,
)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (20, EventKind.ACCESS_GRANTED),
        (26, EventKind.ACCESS_GRANTED),
        (27, EventKind.ACCESS_GRANTED),
        (23, EventKind.ACCESS_DENIED),
        (112, EventKind.ACCESS_DENIED),
        (46, EventKind.DOOR_OPENED),
        (29, EventKind.DOOR_CLOSED),
        (92, EventKind.DOOR_FORCED),
        (93, EventKind.DOOR_HELD_OPEN),
        (52, EventKind.DOORBELL),
        (95, EventKind.DURESS),
        (590, EventKind.LOCKDOWN),
        (121, EventKind.LOCKDOWN_RESET),
        (500, EventKind.CONTROLLER_OFFLINE),
        (723, EventKind.BATTERY_CRITICAL),
    ],
)
def test_a_code_has_its_kind(code: int, kind: EventKind) -> None:
    assert kind_of(code) is kind


@pytest.mark.parametrize("code", [-1, 0, 61, 65, 89, 103, 134, 580, 10**20])
def test_other_codes_are_other(code: int) -> None:
    assert kind_of(code) is EventKind.OTHER


def test_every_kind_is_reached_by_some_code() -> None:
    assert {kind_of(code) for code in range(1000)} == set(EventKind)


def test_a_code_may_tell_the_credential() -> None:
    assert credential_of(26) is Credential.PIN
    assert credential_of(30) is Credential.VEHICLE
    assert credential_of(46) is None
