"""Doors and the commands that move them."""

from .errors import Net2RejectedError
from .models import Door, DoorReport, Relay
from .parse import Json, Record, as_text, read_door, read_door_report, rows
from .rest import Net2Rest


class DoorApi:
    """Doors (section 3.2) and commands (section 3.3).

    A command is sent once. Only a 401 is answered by a second try, since the first was refused
    before it ran. 200 means that the server queued it, not that a door moved.
    """

    _rest: Net2Rest

    async def get_doors(self) -> tuple[Door, ...]:
        """Return every door the operator may see.

        Raises:
            Net2ResponseError: If any row is unreadable: half a list would look like doors gone.

        """
        return rows(await self._rest.get("/doors"), read_door, whole=True)

    async def get_door_statuses(self) -> dict[int, DoorReport]:
        """Return the doors with their status, by id.

        Raises:
            Net2NotFoundError: On servers without it.

        """
        reports = rows(await self._rest.get("/doors/status"), read_door_report)
        return {report.door.id: report for report in reports}

    async def open_door(self, door_id: int) -> None:
        """Release a door once, for the open time that is configured for it."""
        await self._command("door/open", {"doorId": door_id})

    async def hold_door_open(self, door_id: int) -> None:
        """Release a door until it is closed by command; this outlives the connection."""
        await self._command("door/holdopen", {"doorId": door_id})

    async def close_door(self, door_id: int) -> None:
        """End a hold, or lock again early."""
        await self._command("door/close", {"doorId": door_id})

    async def release_relay(
        self, door_id: int, *, relay: Relay = Relay.ONE, seconds: float
    ) -> None:
        """Release one relay of a door for a time of one's own."""
        function: Json = {
            "relayId": relay.value,
            "relayAction": "TimedOpen",
            "relayOpenTime": round(seconds * 1000),
        }
        await self._command(
            "door/control", {"doorId": door_id, "relayFunction": function, "ledFlash": "NoLed"}
        )

    async def set_lockdown(self, active: bool) -> None:
        """Start or reset the site's lockdown; what that does is set up in Net2."""
        await self._command("controlLockdown", {"lockdown": active})

    async def _command(self, name: str, body: Json) -> None:
        answer = await self._rest.post(f"/commands/{name}", body)
        output = Record(answer).record("output") if isinstance(answer, dict) else None
        errors = output.value("errors") if output else None
        if errors:
            listed = errors if isinstance(errors, list) else [errors]
            text = "; ".join(filter(None, map(as_text, listed)))
            raise Net2RejectedError(self._rest.masked(text) or "The server refused the command")
