"""What concerns the whole site: the server itself, alarms, roll calls."""

from .errors import Net2NotFoundError, Net2PermissionError, Net2ResponseError
from .models import NamedItem, RollCallItem, ServerInfo
from .parse import Json, Record, as_integer, as_text, read_named, read_roll_call_item, rows
from .rest import Net2Rest


class SiteApi:
    """Server settings, alarms and roll calls (section 3.7)."""

    _rest: Net2Rest

    async def get_server_info(self) -> ServerInfo:
        """Return version and product; older servers tell neither."""
        return ServerInfo(
            version=await self._setting("version"), product=await self._setting("productType")
        )

    async def _setting(self, name: str) -> str | None:
        try:
            return _scalar(await self._rest.get(f"/serversettings/{name}", empty=None))
        except Net2NotFoundError, Net2PermissionError, Net2ResponseError:
            return None

    async def acknowledge_alarm(
        self, *, door_id: int | None = None, event_id: int | None = None
    ) -> None:
        """Acknowledge the alarms of a door, or the one of an event."""
        body: Json = {"address": door_id} if event_id is None else {"eventId": event_id}
        await self._rest.post("/events/alarms/acknowledge", body)

    async def get_roll_call_reports(self) -> tuple[NamedItem, ...]:
        """Return the roll calls."""
        return rows(await self._rest.get("/rollcallreports", empty=[]), read_named)

    async def get_roll_call_items(self, report_id: int) -> tuple[RollCallItem, ...]:
        """Return the people in a roll call."""
        path = f"/rollcallreports/{report_id}/reportitems"
        return rows(await self._rest.get(path, empty=[]), read_roll_call_item)

    async def create_roll_call(self, name: str) -> NamedItem:
        """Start a roll call."""
        body = await self._rest.post("/rollcallreports", {"name": name})
        report_id = Record(body).integer("id") if isinstance(body, dict) else as_integer(body)
        if report_id is None:
            raise Net2ResponseError("The server did not name the roll call it made")
        return NamedItem(report_id, name)

    async def mark_safe(self, report_id: int, user_id: int) -> None:
        """Mark a person in a roll call as safe."""
        await self._rest.post(f"/rollcallreports/{report_id}/reportitems/{user_id}/safeupdates", {})


def _scalar(body: Json) -> str | None:
    """Return the first scalar of an answer that is one, or an object or a list of such."""
    while isinstance(body, dict | list) and body:
        body = next(iter(body.values())) if isinstance(body, dict) else body[0]
    return as_text(body)
