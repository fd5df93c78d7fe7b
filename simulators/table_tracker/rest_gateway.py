"""Tokens, settings, repeaters, trackers, webhooks, and the gateway itself (section 3)."""

import asyncio
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .codes import RefusedError
from .routing import Reply, Request, Route, said
from .wire import Json

_MAC: Final = "00:40:9d:00:00:01"
_SERIAL: Final = "SIM0001"


async def _alive(_request: Request) -> Reply:
    return Reply(0)


async def _token(request: Request) -> Reply:
    assert request.token
    return Reply(1, {"token": request.gateway.wire.token(request.token)})


async def _delete_token(request: Request) -> Reply:
    assert request.token
    request.gateway.access.revoke(request.token.token)
    return said(1001)


async def _take_window(request: Request) -> Reply:
    token = request.gateway.access.take_window(request.query.get("name", "default"))
    return Reply(2, {"token": request.gateway.wire.token(token, secret=True)}, 201)


async def _another_token(request: Request) -> Reply:
    token = request.gateway.access.give(str(request.body.get("name", "default")))
    return Reply(2, {"token": request.gateway.wire.token(token, secret=True)}, 201)


async def _tokens(request: Request) -> Reply:
    wire, tokens = request.gateway.wire, request.gateway.access.tokens.values()
    return Reply(3, {"count": len(tokens), "items": [wire.token(token) for token in tokens]})


async def _capabilities(_request: Request) -> Reply:
    return Reply(4, {"capabilities": []})


async def _gateway(request: Request) -> Reply:
    body: dict[str, Json] = {"version": "2.0.0"}
    if request.gateway.world.faults.gateway_has_ids:
        body |= {"serialNumber": _SERIAL, "macAddress": _MAC}
    answer: dict[str, Json] = {"gateway": body}
    return Reply(11, answer)


async def _cloud(request: Request) -> Reply:
    is_activated = request.gateway.world.is_activated
    return Reply(12, {"state": "ACTIVATED" if is_activated else "NOT_CONFIGURED"})


async def _activate(request: Request) -> Reply:
    world = request.gateway.world
    code = request.text("deviceCode", -18, -17, r"[0-9]{3}-[0-9]{4}-[0-9]{3}")
    # Which codes the cloud knows is a choice: all that do not begin with 999.
    if code.startswith("999"):
        raise RefusedError(-19)
    if world.is_activated:
        return said(1008)
    world.is_activated = True
    return said(1011)


async def _settings(request: Request) -> Reply:
    world = request.gateway.world
    settings: dict[str, Json] = {
        "zigbeePreset": world.preset,
        "targetTimeDefault": world.target,
        "timezone": str(world.zone),
    }
    return Reply(13, {"settings": settings})


async def _change_settings(request: Request) -> Reply:
    world = request.gateway.world
    for key, value in request.body.items():
        text = str(value)
        match key:
            case "zigbeePreset" if re.fullmatch("[A-H]", text):
                pass
            case "targetTimeDefault" if text.isdigit() and int(text) > 0:
                pass
            case "timezone" if _is_zone(text):
                pass
            case "zigbeePreset" | "targetTimeDefault" | "timezone":
                raise RefusedError(-21, text, key)
            case _:
                raise RefusedError(-20, key)
    if "zigbeePreset" in request.body:
        world.preset = str(request.body["zigbeePreset"])
    if "targetTimeDefault" in request.body:
        world.target = int(str(request.body["targetTimeDefault"]))
    if "timezone" in request.body:
        world.set_zone(str(request.body["timezone"]))
    return said(1004)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError, ValueError, OSError:
        return False
    return True


async def _check(_request: Request) -> Reply:
    return Reply(14)


async def _repeaters(request: Request) -> Reply:
    world, wire = request.gateway.world, request.gateway.wire
    refresh = request.query.get("refresh", "false")
    if refresh not in ("true", "false"):
        raise RefusedError(-15)
    if refresh == "true":
        await asyncio.sleep(world.faults.scan_seconds)
        for repeater in world.repeaters.values():
            if repeater.status == "ACTIVE":
                repeater.last_seen = world.now()
    items = [wire.repeater(repeater) for repeater in world.repeaters.values()]
    return Reply(15, {"count": len(items), "repeaters": items})


async def _clear_repeaters(request: Request) -> Reply:
    request.gateway.world.repeaters.clear()
    return said(1006)


async def _begin_pairing(request: Request) -> Reply:
    seconds = str(request.body.get("timeout", 60))
    is_generic = request.gateway.world.faults.generic_timeouts
    if not re.fullmatch("-?[0-9]+", seconds):
        raise RefusedError(-33 if is_generic else -16)
    if not 0 <= int(seconds) <= 254:
        raise RefusedError(-34 if is_generic else -16)
    return _pair(request, int(seconds))


async def _end_pairing(request: Request) -> Reply:
    return _pair(request, 0)


def _pair(request: Request, seconds: int) -> Reply:
    request.gateway.world.pair(seconds)
    return said(1012 if seconds else 1013)


async def _trackers(request: Request) -> Reply:
    world, wire = request.gateway.world, request.gateway.wire
    items = [wire.tracker(tracker) for tracker in world.trackers.values()]
    return Reply(18, {"count": len(items), "trackers": items})


async def _clear_trackers(request: Request) -> Reply:
    request.gateway.world.trackers.clear()
    return said(1007)


async def register(request: Request) -> Reply:
    """Post changes to an address from now on."""
    url = request.text("http_client", -28, -29, r"http://[^\s/]+(?:/\S*)?")
    request.gateway.webhooks.register(url)
    return said(1005)


async def _unregister(request: Request) -> Reply:
    url = request.query.get("http_client")
    if url is None:
        raise RefusedError(-28)
    request.gateway.webhooks.unregister(url)
    return Reply(19)


_NAME: Final = frozenset({"name"})
_REFRESH: Final = frozenset({"refresh"})
CALLBACK: Final = frozenset({"http_client"})

ROUTES: Final = (
    Route("GET", "", _alive, secured=False, unknown=True),
    Route("GET", "/accesstoken", _token),
    Route("DELETE", "/accesstoken", _delete_token, command="delete_token"),
    Route("GET", "/accesstoken/generate", _take_window, secured=False, query=_NAME),
    Route("POST", "/accesstoken/generate", _another_token, command="give_token"),
    Route("GET", "/accesstoken/all", _tokens),
    Route("GET", "/capabilities", _capabilities, unknown=True),
    Route("GET", "/gateway", _gateway, unknown=True),
    Route("GET", "/gateway/activate", _cloud),
    Route("POST", "/gateway/activate", _activate, command="activate"),
    Route("GET", "/gateway/settings", _settings),
    Route("POST", "/gateway/settings", _change_settings, command="change_settings"),
    Route("GET", "/gateway/check", _check, unknown=True),
    Route("GET", "/repeaters", _repeaters, query=_REFRESH),
    Route("DELETE", "/repeaters", _clear_repeaters, command="clear_repeaters"),
    Route("POST", "/repeaters/beginPairing", _begin_pairing, command="begin_pairing"),
    Route("POST", "/repeaters/endPairing", _end_pairing, command="end_pairing"),
    Route("GET", "/trackers", _trackers, query=_REFRESH, unknown=True),
    Route("DELETE", "/trackers", _clear_trackers, unknown=True, command="clear_trackers"),
    Route("POST", "/register", register, command="register"),
    Route("DELETE", "/register", _unregister, query=CALLBACK, unknown=True, command="unregister"),
)
