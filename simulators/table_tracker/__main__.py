"""`script/simulate table_tracker`."""

from simulators.kit.command_line import arguments, run

from .simulator import TableTrackerSimulator


def main() -> None:
    """Run a simulated gateway, which announces itself if asked to."""
    parser = arguments("table_tracker")
    parser.add_argument("--repeaters", type=int, default=2, help="how many repeaters (2)")
    parser.add_argument("--trackers", type=int, default=12, help="how many trackers (12)")
    parser.add_argument(
        "--mdns",
        nargs="?",
        const="Table Tracker",
        metavar="NAME",
        help="announce it by mDNS on this machine (as Table Tracker)",
    )
    given = parser.parse_args()
    simulator = TableTrackerSimulator(
        given.port, given.seed, given.repeaters, given.trackers, announced_as=given.mdns
    )
    run("table_tracker", simulator, given)


main()
