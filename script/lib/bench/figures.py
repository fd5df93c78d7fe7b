"""What a benchmark finds: values beside floors that were measured in the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
import json


class BenchError(Exception):
    """Something could not be measured, or what was measured is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; there is no ratio to a baseline of nothing."""

    name: str
    value: float
    unit: str
    baseline: float

    def line(self) -> str:
        """Return it as a line of JSON."""
        ratio = round(self.value / self.baseline, 2) if self.baseline else None
        return json.dumps(
            {
                "name": self.name,
                "value": round(self.value, 3),
                "unit": self.unit,
                "baseline": round(self.baseline, 3),
                "ratio": ratio,
            }
        )


def percentile(samples: Sequence[float], percent: int) -> float:
    """Return the smallest sample that so many percent of all do not exceed."""
    return sorted(samples)[max(0, -(-len(samples) * percent // 100) - 1)]
