"""`script/bench`: what it prints, and when it fails. Its figures themselves are not tested."""

import json
from pathlib import Path
import subprocess

import pytest

from script.lib.bench.figures import Figure, percentile

BENCH = Path(__file__).parents[2] / "script" / "bench"


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it small."""
    return subprocess.run(
        [BENCH, "--quick", *arguments], capture_output=True, text=True, timeout=240, check=False
    )


def test_every_figure_is_a_line_of_json_with_its_baseline() -> None:
    done = bench("storm")
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["name"] for each in figures] == ["storm_lost", "storm_loop_lag_p99", "storm_rate"]
    assert figures[0] == {
        "name": "storm_lost",
        "value": 0,
        "unit": "events",
        "baseline": 0,
        "ratio": None,
    }
    rate = figures[2]
    assert rate["ratio"] == pytest.approx(rate["value"] / rate["baseline"], abs=0.01)


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        (
            "setup_18000_fixtures",
            [f"setup_18000_fixtures_{each}" for each in ("time", "memory", "cpu", "loop_held")],
        ),
        (
            "poll_cpu",
            [
                "poll_unchanged_cpu",
                "poll_unchanged_states",
                "poll_changed_cpu",
                "poll_changed_states",
            ],
        ),
        (
            "loop_held_ms",
            [
                f"loop_held_ms_{each}"
                for each in (
                    "structure",
                    "occupancy",
                    "statistics",
                    "devices",
                    "energy",
                    "manager",
                    "lost",
                    "back",
                )
            ],
        ),
        (
            "building_requests",
            [f"building_requests_2{each}" for each in ("", "_hour", "_busiest")],
        ),
    ],
)
def test_a_building_is_measured(name: str, figures: list[str]) -> None:
    done = bench(name)
    assert done.returncode == 0, done.stderr
    found = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}
    assert list(found) == figures
    assert all(each["value"] > 0 for key, each in found.items() if key != "poll_unchanged_states")


def test_events_that_are_lost_make_it_fail() -> None:
    done = bench("--fault", "silent", "storm")
    assert done.returncode == 1
    assert json.loads(done.stdout)["value"] == 300
    assert "300 events of the storm were lost" in done.stderr


def test_what_is_not_there_is_not_measured() -> None:
    done = bench("strom")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "there is no strom" in done.stderr


def test_a_percentile_is_the_sample_that_so_many_do_not_exceed() -> None:
    assert percentile(range(1, 101), 99) == 99
    assert percentile(range(1, 11), 99) == 10
    assert percentile([7.0], 50) == 7


def test_there_is_no_ratio_to_nothing() -> None:
    assert json.loads(Figure(name="a", value=3, unit="s", baseline=2).line())["ratio"] == 1.5
    assert json.loads(Figure(name="a", value=3, unit="s", baseline=0).line())["ratio"] is None
