"""What can be made to go wrong with a simulated manager, and which of its variants it is."""

from dataclasses import dataclass, field

from simulators.kit.faults import Faults


@dataclass(slots=True)
class EnlightedFaults(Faults):
    """Switches; section numbers are of the protocol notes that the project keeps."""

    # Access (2).

    #: What a request without credentials gets: 302 to the login page, 401, or the page with 200.
    no_credentials: int = 302
    #: The same for credentials that are wrong.
    wrong_credentials: int = 401
    #: Seconds that a `ts` may be off; 0 is not looked at (C7, C14).
    ts_window: float = 0.0
    #: 408 or 401: what a stale `ts` gets (C7).
    stale_status: int = 408
    #: Whether the same signature is taken only once (2.7).
    replay_check: bool = False
    refuse_old_scheme: bool = False
    #: Whether everybody may see and do everything, as before 3.9.13 (1.3).
    no_permissions: bool = False
    #: Seconds that the manager's clock is ahead.
    clock_offset: float = 0.0

    # How things are written (3.0).

    #: Whether every scalar is text.
    strings_only: bool = True
    #: Whether a list of one element becomes that element (C9).
    collapse_lists: bool = True
    #: What an empty list is: "absent", "null" (the whole body, if nothing else is in it), "list".
    empty_as: str = "null"
    #: Where the paths answer that the guide puts below `/ems/services`: "api", "services", "both".
    services: str = "both"

    # Lists and statistics (3.3, 3.5).

    #: Floors that are answered with `failing_status`.
    failing_floors: list[int] = field(default_factory=list)
    failing_status: int = 500
    #: What more than an hour of statistics gets: "truncate" or "refuse" (6.22).
    long_statistics: str = "truncate"
    #: Statistics without `avgDimLevel` and `lastCommunicationtime`, as in 2019 (C8).
    old_statistics: bool = False
    #: Whether statistics repeat a silent sensor's last values, with its old time (6.24).
    repeat_silent: bool = True
    #: F1 with `macaddress` and `groupid`, as in 2019 (C8).
    lower_case_keys: bool = False
    #: Seconds that the list of dim levels lags behind the last report (5).
    dim_list_delay: float = 300.0
    #: "of", "Of" or "both": how A2's path is spelled (C4).
    occupancy_spelling: str = "of"
    #: The pseudo-area comes first, is called "Unassigned" and has `zonesensorenable` (4.5).
    unassigned_first: bool = False
    #: Whether areas without zone sensor tell their state nevertheless (C4).
    unzoned_report: bool = False
    #: Seconds that motion takes until the manager knows of it.
    motion_delay: float = 0.0
    #: Seconds after which an area whose sensors are all silent is at fault (-1).
    area_patience: float = 900.0
    #: Whether O3 takes the company's id too (C11).
    buildings_of_company: bool = True

    # Commands (3.4).

    #: Minutes that `time=0` stands for, which is documented nowhere (8).
    zero_time: float = 60.0

    # Switches, plug loads and energy (3.8 to 3.10).

    #: S1 as it was: numbers instead of text, the list without its wrapper, ids and names only.
    plain_groups: bool = False
    #: Whether S4 is asked by the id of a scene (C2).
    scene_levels_by_scene: bool = False
    #: What S5 answers without doing anything, unless it is 0.
    scene_status: int = 0
    #: Whether a slash in a name is refused even if it is encoded, as Tomcat does by default.
    refuse_encoded_slash: bool = False
    #: Whether P6 answers 0 for on and 1 for off, as the guide says (C10).
    inverted_plugloads: bool = False
    #: H1 to H3 without their outer wrapper, and as flat lists (4.7).
    plain_energy: bool = False
    #: Whether the offset of `intervalStart` has no colon (4.7).
    offset_without_colon: bool = False

    # Emergency lights and BACnet (3.7, 3.12).

    #: Whether sensors take longer than a minute: the call ends with 408 after so many seconds.
    slow_emergency: bool = False
    slow_emergency_seconds: float = 0.0
    bacnet_down: bool = False
