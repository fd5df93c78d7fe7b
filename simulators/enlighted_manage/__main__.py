"""`script/simulate enlighted_manage`."""

from pathlib import Path

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.command_line import arguments, run

from .simulator import EnlightedSimulator


def main() -> None:
    """Run a simulated manager."""
    parser = arguments("enlighted_manage")
    parser.add_argument("--floors", type=int, default=2, help="how many floors (2)")
    parser.add_argument(
        "--fixtures", type=int, default=48, help="how many fixtures on all floors together (48)"
    )
    parser.add_argument(
        "--version", choices=("4.4", "4.5"), default="4.5", help="4.4 knows signatures only"
    )
    parser.add_argument("--http", action="store_true", help="serve without TLS")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="serve with what the file keeps"
    )
    given = parser.parse_args()
    certificate = None
    if not given.http:
        certificate = SelfSignedCertificate(
            None, given.certificate, unit="Enlighted Manage", names=()
        )
    simulator = EnlightedSimulator(
        given.port,
        given.seed,
        given.floors,
        given.fixtures,
        certificate=certificate,
        version=given.version,
    )
    run("enlighted_manage", simulator, given)


main()
