"""Gateways: what the sensors' radio reaches the manager through."""

from dataclasses import dataclass, field

from .presence import Spans


@dataclass(slots=True)
class Gateway:
    """A gateway of a floor."""

    id: int
    name: str
    floor_id: int
    mac: tuple[int, int, int, int, int, int]
    address: str
    x: int
    y: int
    outages: Spans = field(default_factory=Spans)

    @property
    def is_okay(self) -> bool:
        """Whether the manager reaches it."""
        return not self.outages.is_open

    def last_communication(self, now: float) -> float:
        """Return when it was heard last: it reports every few seconds."""
        return self.outages.since if self.outages.is_open else now - now % 10.0
