"""`script/simulate paxton_net2`."""

from pathlib import Path
import tempfile

from simulators.kit.command_line import arguments, run

from .simulator import Net2Simulator


def main() -> None:
    """Run a simulated Net2 server, with a licence file beside it."""
    parser = arguments("paxton_net2")
    parser.add_argument("--doors", type=int, default=4, help="how many doors there are (4)")
    parser.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="keeps the certificate, for a server that comes back as the same (made anew)",
    )
    given = parser.parse_args()
    simulator = Net2Simulator(given.port, given.seed, given.doors, certificate=given.certificate)
    with tempfile.TemporaryDirectory() as folder:
        simulator.licence_file = Path(folder, f"{simulator.client_id}.lic")
        simulator.licence_file.write_text(simulator.licence, encoding="utf-8")
        run("paxton_net2", simulator, given)


main()
