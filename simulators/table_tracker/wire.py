"""JSON and pages as this gateway writes them (sections 4 and 10)."""

from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from http import HTTPStatus
import json
from typing import Final
from zlib import crc32

from aiohttp import web

from .access import Token
from .orders import Order, Repeater, Tracker
from .world import World

type Json = Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None

_PAGE: Final = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html>
<head><title>{status} {reason}</title></head>
<body><h2>{status} {reason}</h2>
<p>{text}</p>
<div id="powered_by"><span>Powered by CherryPy 3.2.2</span></div></body>
</html>
"""
_HTML: Final = "text/html;charset=utf-8"
_CRASHED: Final = (
    "The server encountered an unexpected condition which prevented it from fulfilling the request."
)


class Wire:
    """Writes what the world is in the words of the protocol, with its variants."""

    def __init__(self, world: World, *, seed: int) -> None:
        self._world = world
        self._salt = seed

    def restart(self) -> None:
        """Shuffle keys in another order: that of a process is its own (section 10.8)."""
        self._salt += 1

    def dump(self, value: Json) -> str:
        """Write JSON as Python does by default: blanks between, and ASCII only."""
        return json.dumps(self._varied(value))

    def reply(self, status: int, body: Mapping[str, Json]) -> web.Response:
        """Answer in JSON; the body repeats the status."""
        data = self.dump({"status": status, **body})
        return self._response(status, data, "application/json")

    def page(self, status: int, text: str = "") -> web.Response:
        """Answer with the page of an error, as CherryPy makes it."""
        known = HTTPStatus(status)
        text = text or (_CRASHED if status == known.INTERNAL_SERVER_ERROR else known.description)
        data = _PAGE.format(status=status, reason=known.phrase, text=text)
        return self._response(status, data, _HTML)

    def headers(self) -> dict[str, str]:
        """Return what every answer carries: the time, by the gateway's own clock (10.7)."""
        date = format_datetime(self._world.now(), usegmt=True)
        return {"Date": date, "Server": "CherryPy/3.2.2"}

    def order(self, order: Order) -> dict[str, Json]:
        """Write an active order (section 4.2)."""
        world, faults = self._world, self._world.faults
        on_premise = "ON_PREMISES" if faults.on_premises else "ON_PREMISE"
        body: dict[str, Json] = {
            "name": order.number,
            "uuid": order.uuid,
            "orderType": on_premise if order.order_type == "ON_PREMISE" else order.order_type,
            "locationName": order.table,
            "state": order.state,
            "created": world.local(order.created),
            "stateChanged": world.local(order.changed),
            "paged": order.paged,
        }
        if not faults.omit_elapsed:
            body["elapsedTime"] = int((world.now() - order.created).total_seconds())
        if faults.extra_keys:
            body["guestMood"] = {"smiles": [1, 2, 3]}
        return body

    def event(self, kind: str, order: Order, seq: int) -> dict[str, Json]:
        """Write an event: flat, the order's fields beside its own (section 5.1)."""
        return {"type": kind, "seq": seq, **self.order(order)}

    def orders(self) -> dict[str, Json]:
        """Write the list of active orders."""
        items = [self.order(order) for order in self._world.orders.values()]
        return {"count": len(items), "items": items}

    def summary(self, order: Order) -> dict[str, Json]:
        """Write an order of the history (section 4.4)."""

        def spell(name: str) -> str | None:
            moment = getattr(order, name)
            if moment is None:
                return None
            if self._world.faults.naive_history:
                return self._world.local(moment)
            return str(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"))

        return {
            "type": "ORDER_SUMMARY",
            "name": order.number,
            "uuid": order.uuid,
            "orderType": order.order_type,
            "locationName": order.table or None,
            "orderStarted": spell("created"),
            "orderLocated": spell("located"),
            "orderCleared": spell("cleared"),
        }

    def token(self, token: Token, *, secret: bool = False) -> dict[str, Json]:
        """Write a token (section 4.1); its secret is told once."""
        last_used = token.last_used
        body: dict[str, Json] = {
            "creation_date": self._world.local(token.created),
            "last_used": self._world.local(last_used) if last_used else None,
            "ip_address": token.ip_address,
        }
        if secret or not self._world.faults.unnamed_tokens:
            body["name"] = token.name
        return {**body, "token": token.token} if secret else body

    def repeater(self, repeater: Repeater) -> dict[str, Json]:
        """Write a repeater (section 4.7)."""
        seen = repeater.last_seen or self._world.now()
        return {
            "extendedAddress": repeater.address,
            "shortAddress": repeater.short_address,
            "label": repeater.label,
            "manufacturerId": 4126,
            "profileId": 49413,
            "parentShortAddress": 65534,
            "firmwareVersion": repeater.firmware,
            "hardwareVersion": 7745,
            "remainingChildren": repeater.children,
            "deviceType": 196616,
            "deviceModel": "XB24-ZB XBee Wall Router",
            "status": repeater.status,
            "lastSeen": self._world.local(seen),
        }

    def tracker(self, tracker: Tracker) -> dict[str, Json]:
        """Write a tracker: a choice, since nobody knows the true shape (section 4.11)."""
        seen = tracker.last_seen
        return {
            "name": tracker.number,
            "extendedAddress": tracker.address,
            "firmwareVersion": "1.0",
            "batteryLevel": tracker.battery,
            "status": tracker.status,
            "lastSeen": self._world.local(seen) if seen else None,
        }

    def _varied(self, value: Json) -> Json:
        if isinstance(value, Mapping):
            keys = sorted(value, key=lambda key: crc32(f"{self._salt} {key}".encode()))
            return {key: self._varied(value[key]) for key in keys}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._varied(each) for each in value]
        if self._world.faults.numbers_as_text:
            if isinstance(value, bool):
                return "Yes" if value else "No"
            if isinstance(value, int | float):
                return str(value)
        return value

    def _response(self, status: int, data: str, content_type: str) -> web.Response:
        headers = {"Content-Type": content_type, **self.headers()}
        return web.Response(body=data.encode(), status=status, headers=headers)
