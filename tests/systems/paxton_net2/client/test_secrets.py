"""No password, token, licence, PIN or card number gets out of the client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
import logging

import aiohttp
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    Net2Client,
    Net2Error,
    Net2Settings,
    Net2Stream,
    NewUser,
    StreamConnected,
    StreamDisconnected,
)
from custom_components.gatehouse.systems.paxton_net2.client.signalr import SignalRConnection
from simulators.paxton_net2 import Net2Simulator

from .support import ZONE, Listener, connected, words_of

pytestmark = pytest.mark.usefixtures("quick_sign_in")

SECRET = "s3cret-of-the-licence"
CARD = "55554444"
PIN = "918273"
NEW = NewUser("Vera", "Visitor", access_levels=(1,), pin=PIN, card_number=CARD)


@pytest.fixture
def client(
    session: aiohttp.ClientSession, simulator: Net2Simulator, settings: Net2Settings
) -> Net2Client:
    """Return a client of a site whose licence has a secret."""
    simulator.authority.client_secret = SECRET
    return Net2Client(session, replace(settings, client_secret=SECRET), time_zone=ZONE)


class Secrets:
    """Everything that must not be seen, tokens of all times included."""

    def __init__(self, simulator: Net2Simulator) -> None:
        self.simulator = simulator
        self.seen = {simulator.password, simulator.client_id, SECRET, CARD, PIN}
        # Four digits could be part of a port or a time.
        for user in simulator.world.users.values():
            user.pin = f"{918270000 + user.id}"

    def collect(self) -> None:
        """Note the tokens that are good now, and the cards and PINs that the server knows."""
        authority = self.simulator.authority
        self.seen |= {*authority._access, *authority._refresh}
        for user in self.simulator.world.users.values():
            self.seen |= {token.value for token in user.tokens.values()}
            self.seen |= {user.pin} if user.pin else set()

    def found_in(self, text: str) -> set[str]:
        """Return the secrets that a text gives away."""
        self.collect()
        return {secret for secret in self.seen if secret in text}


@pytest.fixture
async def secrets(simulator: Net2Simulator) -> AsyncIterator[Secrets]:
    """Note every token the moment it is given."""
    secrets = Secrets(simulator)

    async def watch() -> None:
        while True:
            secrets.collect()
            await asyncio.sleep(0)

    task = asyncio.create_task(watch())
    yield secrets
    task.cancel()


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Log everything that anybody has to say, and return it."""
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp", "asyncio", "custom_components"):
        caplog.set_level(logging.DEBUG, name)
    return lambda: "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records
    )


CALLS: list[Callable[[Net2Client, int], Awaitable[object]]] = [
    lambda client, door: client.get_doors(),
    lambda client, door: client.get_events(),
    lambda client, door: client.get_events_since(datetime(2026, 1, 1, tzinfo=UTC)),
    lambda client, door: client.get_users(),
    lambda client, door: client.create_user(NEW),
    lambda client, door: client.update_user(8, expires=None),
    lambda client, door: client.set_token_lost(8, 0, lost=True),
    lambda client, door: client.open_door(door),
    lambda client, door: client.sign_in(),
    lambda client, door: client.open_connection(),
]


def refuse(simulator: Net2Simulator) -> None:
    simulator.revoke_operator()
    simulator.expire_tokens(refresh_tokens=True)


def refuse_for(simulator: Net2Simulator, fault: str) -> None:
    setattr(simulator.faults, fault, True)
    simulator.expire_tokens(refresh_tokens=True)


def quote(simulator: Net2Simulator) -> None:
    words = f"{simulator.password} {simulator.client_id} {SECRET} {CARD} {PIN}"
    body = f'{{"message": "{words}", "error_description": "{words}"}}'
    simulator.faults.fail(400, times=9, body=body, content_type="application/json")


TROUBLES: dict[str, Callable[[Net2Simulator], object]] = {
    "lost answers": lambda simulator: simulator.faults.lose_answers(9),
    "cut answers": lambda simulator: simulator.faults.truncate_answers(9),
    "quoted secrets": quote,
    "refused operator": refuse,
    "refused licence": lambda simulator: refuse_for(simulator, "invalid_client"),
    "second factor": lambda simulator: refuse_for(simulator, "mfa_required"),
    "down": lambda simulator: setattr(simulator.faults, "service_down", True),
    "denied": lambda simulator: simulator.faults.fail(401, times=9),
    "limited": lambda simulator: simulator.faults.fail(429, times=9, retry_after="30"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_trouble_gives_a_secret_away(
    client: Net2Client,
    simulator: Net2Simulator,
    secrets: Secrets,
    logs: Callable[[], str],
    trouble: str,
) -> None:
    await client.sign_in()
    errors: list[Net2Error] = []
    for call in CALLS:
        TROUBLES[trouble](simulator)
        try:
            result = await call(client, next(iter(simulator.world.doors)))
        except Net2Error as error:
            errors.append(error)
            logging.getLogger(__name__).exception("What a careless caller logs")
        else:
            assert secrets.found_in(repr(result)) == set()
            if isinstance(result, SignalRConnection):
                await result.close()
    assert len(errors) > 2
    assert secrets.found_in("".join(map(words_of, errors))) == set()
    assert secrets.found_in(logs()) == set()


async def test_a_server_that_is_gone_gives_no_secret_away(
    client: Net2Client, simulator: Net2Simulator, secrets: Secrets, logs: Callable[[], str]
) -> None:
    await client.sign_in()
    await simulator.stop()
    for call in CALLS:
        with pytest.raises(Net2Error) as caught:
            await call(client, 7)
        assert secrets.found_in(words_of(caught.value)) == set()
    assert secrets.found_in(logs()) == set()


async def test_a_stream_through_all_kinds_of_trouble_gives_no_secret_away(
    client: Net2Client,
    simulator: Net2Simulator,
    listener: Listener,
    secrets: Secrets,
    logs: Callable[[], str],
) -> None:
    stream = Net2Stream(client, listener.append)
    bad, good, *_ = stream_doors = list(simulator.world.doors)
    stream.set_doors(stream_doors)
    simulator.faults.refused_doors.append(bad)
    simulator.faults.detailed_errors = True
    async with connected(stream, listener):
        simulator.world.swipe(good)
        simulator.world.swipe_unknown(good, int(CARD))
        simulator.world.enter_pin(good, 9)
        await listener.wait_for(AccessEvent, 3)
        simulator.cut_streams()
        simulator.faults.fail(502, times=2)
        simulator.faults.fail(200, path="/signalr", body="<html>")
        await listener.wait_for(StreamConnected, 2)
        assert not simulator.faults.failures
        await simulator.restart()
        await listener.wait_for(StreamDisconnected, 2)
    assert secrets.found_in(repr(list(listener))) == set()
    assert secrets.found_in(logs()) == set()


async def test_nothing_that_the_client_returns_shows_a_secret(
    client: Net2Client, simulator: Net2Simulator, secrets: Secrets
) -> None:
    simulator.world.swipe(next(iter(simulator.world.doors)))
    returned = [
        client.settings,
        NEW,
        await client.get_users(),
        await client.get_user(8),
        await client.get_user_tokens(8),
        await client.get_events(),
        await client.create_user(NEW),
        await client.get_operators(),
        await client.get_roll_call_items(1),
        await client.get_door_statuses(),
        *vars(client).values(),
        client._auth._tokens,
    ]
    assert secrets.found_in(repr(returned)) == set()


async def test_names_of_people_are_in_no_repr(client: Net2Client, simulator: Net2Simulator) -> None:
    simulator.world.swipe(next(iter(simulator.world.doors)))
    returned = [
        NEW,
        await client.get_users(),
        await client.get_events(),
        await client.get_roll_call_items(1),
    ]
    assert not {word for word in ("Vera", "Ada", "Example") if word in repr(returned)}
