"""The logbook's words for events that were missed and read back."""

from collections.abc import Callable

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .const import DOMAIN, EVENT_MISSED


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Offer the logbook a description."""

    @callback
    def describe(event: Event) -> dict[str, str]:
        device_id = event.data[ATTR_DEVICE_ID]
        device = dr.async_get(hass).async_get(device_id) if device_id else None
        name = (device.name_by_user or device.name) if device else None
        what = str(event.data["event_type"]).replace("_", " ")
        time = dt_util.parse_datetime(event.data["event_time"], raise_on_error=True)
        return {
            LOGBOOK_ENTRY_NAME: name or "Gatehouse",
            LOGBOOK_ENTRY_MESSAGE: f"{what} at {dt_util.as_local(time):%H:%M:%S}, read back later",
        }

    async_describe_event(DOMAIN, EVENT_MISSED, describe)
