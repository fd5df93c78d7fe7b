"""Names of the Enlighted Manage system, and how often what is read."""

from datetime import timedelta
import logging
from typing import Final

LOGGER: Final = logging.getLogger(__package__)

SYSTEM_ID: Final = "enlighted_manage"
MANUFACTURER: Final = "Enlighted"

CONF_ADVANCED: Final = "advanced"
CONF_AUTH_SCHEME: Final = "auth_scheme"
CONF_FLOORS: Final = "floors"

#: The key of the sensors whose statistics are filled in from the manager's history.
ENERGY_KEY: Final = "energy_lighting"

#: The list of floors tells whether the manager is there and what the user may see.
FLOORS_INTERVAL: Final = timedelta(minutes=5)
#: Without an answer it is asked more often, so that it is noticed when it is back.
LOST_INTERVAL: Final = timedelta(seconds=60)

#: Slower than this misses people who come and go (section 5).
SLOWEST_OCCUPANCY: Final = timedelta(seconds=90)
#: Requests a minute that occupancy may take; a site that has more floors is asked slower.
OCCUPANCY_REQUESTS: Final = 45
#: Sensors report every five minutes; a minute later the manager has it all.
STATISTICS_INTERVAL: Final = timedelta(minutes=5)
STATISTICS_DELAY: Final = timedelta(minutes=1)
#: Requests a minute for gateways and receptacles, and how often they are read at most.
DEVICE_REQUESTS: Final = 8
FASTEST_DEVICES: Final = timedelta(seconds=60)
#: Requests a minute for dim levels, where the statistics lack them: each has twenty rows.
LEVEL_REQUESTS: Final = 8
LEVELS_PER_REQUEST: Final = 20
#: A window of energy is there five minutes after its end; a minute more for slow machines.
ENERGY_DELAY: Final = timedelta(minutes=6)
#: What there is: the lists every hour, and once a day what takes a request for each of them.
STRUCTURE_INTERVAL: Final = timedelta(hours=1)
WHOLE_STRUCTURE_INTERVAL: Final = timedelta(days=1)
#: Seconds between requests for history, which nobody waits for.
HISTORY_PACE: Final = 4.0

#: Three missed reports: a sensor is away (section 7.3).
STALE: Final = timedelta(minutes=15)
#: How long a command is believed rather than what was measured around it (gotcha 13).
GRACE: Final = timedelta(minutes=10)
#: The manager's clock signs requests; further off than this somebody should set it (2.7).
SKEW_LIMIT: Final = timedelta(seconds=60)
#: Watts; what draws less than this though it should shine is broken (section 7.4).
DARK: Final = 0.5

#: From so many on, fixtures and receptacles are there but disabled.
BIG_SITE_FIXTURES: Final = 200
BIG_SITE_PLUG_LOADS: Final = 30

#: Kelvin that tunable luminaires can have; nothing tells it of a single one.
WARMEST: Final = 2700
COLDEST: Final = 6500
