"""Names of the Paxton Net2 system."""

from datetime import timedelta
import logging
from typing import Final

LOGGER: Final = logging.getLogger(__package__)

SYSTEM_ID: Final = "paxton_net2"

CONF_CLIENT_ID: Final = "client_id"
CONF_CLIENT_SECRET: Final = "client_secret"  # the field's name, no secret
CONF_LICENCE_FILE: Final = "licence_file"
CONF_ADVANCED: Final = "advanced"

#: The safety net under the live stream: two requests each time, so 1.4 a minute when all is
#: quiet. It also is the only source of system events, which the stream leaves out (section 5.1).
POLL_WITH_STREAM: Final = timedelta(seconds=90)
#: Without the stream this is all there is.
POLL_WITHOUT_STREAM: Final = timedelta(seconds=20)
#: Doors and people change rarely, and both lists may be long.
DOORS_INTERVAL: Final = timedelta(minutes=10)
PEOPLE_INTERVAL: Final = timedelta(hours=6)

#: An event older than this is history when it arrives: a controller that was offline uploads
#: what it stored, hours late (section 7.5).
STALE_AFTER: Final = timedelta(minutes=5)
#: A server clock further off than this deserves an issue; Windows drifts by seconds, not minutes.
SKEW_LIMIT: Final = timedelta(minutes=1)

#: Seconds for the relay to follow a command; the stream tells within half a second (section 5.7).
CONFIRM_TIMEOUT: Final = 5.0
#: A relay that is open this long was not released for somebody to walk through.
LONG_RELEASE: Final = timedelta(minutes=2)
