"""`script/bench`: measures what is asked for and prints a line of JSON for each figure."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
import sys
from typing import Final

from script.lib.demo.processes import ProgramError

from .building_requests import building_requests
from .cloud import cloud_requests
from .figures import BenchError, Figure
from .held import loop_held_ms
from .latency import seat_to_state, swipe_to_state
from .plan import FULL, QUICK, Plan
from .polling import poll_cpu
from .quiet import quiet_requests
from .setting_up import setup_1000_doors, setup_18000_fixtures
from .storm import storm

BENCHMARKS: Final[Mapping[str, Callable[[Plan], AsyncIterator[Figure]]]] = {
    each.__name__: each
    for each in (
        swipe_to_state,
        seat_to_state,
        storm,
        setup_1000_doors,
        setup_18000_fixtures,
        quiet_requests,
        cloud_requests,
        poll_cpu,
        loop_held_ms,
        building_requests,
    )
}
#: Takes minutes and hardly any processor: it runs beside the others.
_BESIDE: Final = quiet_requests.__name__


def main() -> int:
    """Run the benchmarks and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small and soon over")
    parser.add_argument("--fault", help="a simulator's switch to turn on before the storm")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"there is no {' or '.join(sorted(unknown))}")
    plan = replace(QUICK if given.quick else FULL, fault=given.fault)
    return asyncio.run(_run(given.names or list(BENCHMARKS), plan))


async def _run(names: Sequence[str], plan: Plan) -> int:
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(_report(name, plan)) for name in names if name == _BESIDE]
        succeeded = [await _report(name, plan) for name in names if name != _BESIDE]
    return 0 if all([*succeeded, *(task.result() for task in beside)]) else 1


async def _report(name: str, plan: Plan) -> bool:
    """Print what a benchmark finds, and return whether it could be measured."""
    try:
        async for figure in BENCHMARKS[name](plan):
            print(figure.line(), flush=True)
    except (BenchError, ProgramError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
