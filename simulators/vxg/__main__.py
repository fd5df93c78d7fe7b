"""`script/simulate vxg`."""

from pathlib import Path

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.command_line import arguments, run

from .simulator import VxgSimulator


def main() -> None:
    """Run a simulated cloud."""
    parser = arguments("vxg")
    parser.add_argument("--cameras", type=int, default=4, help="how many cameras (4)")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="serve HTTPS, with what the file keeps"
    )
    given = parser.parse_args()
    certificate = given.certificate and SelfSignedCertificate("VXG Server", given.certificate)
    simulator = VxgSimulator(given.port, given.seed, given.cameras, certificate=certificate)
    run("vxg", simulator, given)


main()
