"""What can be otherwise with a gateway (sections 7, 8.3 and 10): the certain variant by default."""

import asyncio
from dataclasses import dataclass

from simulators.kit.faults import Faults


@dataclass(slots=True)
class TableTrackerFaults(Faults):
    """The switches beyond those of any HTTP server."""

    #: How the end of an order is pushed: `modified`, `cleared`, or `silent` (section 5.1).
    end_of_order: str = "modified"
    #: How a socket with a bad token is refused: `http`, `frame`, or `frame_close_only` (5.5).
    refuse_handshake: str = "http"
    #: Firmware from before v2: every path of v2 is a page that says 404 (section 7.9).
    only_v1: bool = False
    #: Every endpoint whose content nobody knows (marked U) is a page that says 404.
    unknown_endpoints: bool = False
    #: Which path pages a guest: `both`, `page`, or `guest_paging` (section 3.1).
    page_path: str = "both"
    #: Connections are taken and never answered, pings neither.
    frozen: bool = False
    #: Pings alone are not answered: a link that is half open.
    mute_pongs: bool = False
    #: Numbers come as text and truths as "Yes" and "No", as in v1.
    numbers_as_text: bool = False
    #: The return code of a single order: 6, or 5 as one page of the documentation prints.
    single_order_rc: int = 6
    #: Dates in the history come without an offset.
    naive_history: bool = False
    #: Bad JSON and unknown paths are answered in JSON, with -31 and -5, instead of pages.
    vendor_json_errors: bool = False
    #: `/gateway` tells a serial number and a MAC.
    gateway_has_ids: bool = True
    omit_elapsed: bool = False
    extra_keys: bool = False
    #: Orders are told with the spelling that is only documented as input.
    on_premises: bool = False
    cannot_page: bool = False
    #: A bad timeout for pairing is answered with -33 or -34 instead of -16.
    generic_timeouts: bool = False
    #: Tokens are listed without their names.
    unnamed_tokens: bool = False
    #: Seconds that `repeaters?refresh=true` takes (of real time).
    scan_seconds: float = 0.2
    #: Seconds that each frame of an event is kept back (of real time).
    delay_frames: float = 0.0
    #: Whoever connects gets an event before the list of orders.
    event_before_list: bool = False

    async def thaw(self) -> None:
        """Wait until the gateway is not frozen."""
        while self.frozen:  # noqa: ASYNC110  # a plain switch, which tests set and clear
            await asyncio.sleep(0.02)
