"""Names that all systems share."""

from typing import Final

DOMAIN: Final = "gatehouse"

CONF_SYSTEM: Final = "system"
CONF_FINGERPRINT: Final = "fingerprint"
CONF_USE_HTTPS: Final = "use_https"

#: Fired for an event that a vendor recorded while the link to it was down.
EVENT_MISSED: Final = f"{DOMAIN}_missed_event"
