"""Names of the VXG system."""

from datetime import timedelta
import logging
from typing import Final

LOGGER: Final = logging.getLogger(__package__)

SYSTEM_ID: Final = "vxg"
MANUFACTURER: Final = "VXG"

CONF_CREDENTIAL: Final = "credential"
CONF_PATH: Final = "path"

#: One request tells how all cameras are; the vendor's own client asks as often (section 3.1).
STATUS_INTERVAL: Final = timedelta(seconds=60)
#: Seconds; the clock of a cloud drifts slowly, and its counters are for the month.
SLOW_INTERVAL: Final = 3600
#: Seconds within which a site that has to be asked camera by camera is asked all round.
ROUND: Final = 60.0

#: Settings change when somebody changes them: they are read again this often at most, and no
#: more than two requests a minute go into that, however many cameras there are.
SETTINGS_INTERVAL: Final = 900.0
SETTINGS_PER_MINUTE: Final = 2.0
#: What was read all at once, at the start, is due all at once: of that, so many at each poll.
SETTINGS_AT_ONCE: Final = 2

#: Above this the cloud's clock, or ours, deserves an issue: fresh tickets look expired (7.19).
SKEW_LIMIT: Final = timedelta(seconds=60)
#: What is older is history, and fires nothing (section 6.3).
FRESH: Final = timedelta(seconds=120)
#: Live events of one camera in one look; a camera that reports more is broken (section 7.25).
MOST_LIVE: Final = 20
