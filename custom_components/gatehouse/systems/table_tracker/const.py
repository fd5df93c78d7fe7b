"""Names of the Table Tracker system."""

from datetime import timedelta
import logging
from typing import Final

LOGGER: Final = logging.getLogger(__package__)

SYSTEM_ID: Final = "table_tracker"
MANUFACTURER: Final = "LRS"

CONF_SERVICE_NAME: Final = "service_name"

#: Under this name the gateway lists our token. Letters and digits are surely allowed (section
#: 2.2). It is always our own: whoever shares one loses it with the other program's (section 7.2).
TOKEN_NAME: Final = "homeassistant"

#: The safety net under the socket. With what is read more rarely it makes one request a minute.
POLL_WITH_STREAM: Final = timedelta(seconds=90)
#: Without the socket this is all there is; a real client asks every 3 s (section 7.8).
POLL_WITHOUT_STREAM: Final = timedelta(seconds=5)

#: Seconds; today's numbers change when an order ends, which asks for them by itself.
STATISTICS_INTERVAL: Final = 600
#: Seconds; the gateway answers from what it heard last, without a scan of the radio.
REPEATERS_INTERVAL: Final = 600
TRACKERS_INTERVAL: Final = 1800
#: Seconds; settings, version, cloud and tokens change when somebody changes them.
SLOW_INTERVAL: Final = 3600

#: Above this the gateway's clock or zone deserves an issue (section 7.7).
SKEW_LIMIT: Final = timedelta(minutes=2)
#: Seconds until an order is overdue where the gateway does not say: its own default (section 3).
DEFAULT_TARGET: Final = 300
