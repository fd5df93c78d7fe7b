"""What can be made to go wrong: switches that tests and the control plane set by name."""

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Mishap:
    """Something that befalls the next `times` requests to paths that hold `path`."""

    times: int
    path: str
    status: int = 200
    body: str | None = None
    content_type: str = "text/html"
    retry_after: str | None = None


@dataclass(slots=True)
class Faults:
    """The faults that every HTTP server can have; a system's own ones are further fields."""

    #: Seconds that each answer is kept back (of real time).
    delay: float = 0.0
    failures: list[Mishap] = field(default_factory=list)
    losses: list[Mishap] = field(default_factory=list)
    truncations: list[Mishap] = field(default_factory=list)

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        path: str = "",
        body: str | None = None,
        content_type: str = "text/html",
        retry_after: str | None = None,
    ) -> None:
        """Give the next requests this answer, and do nothing of what they ask."""
        mishap = Mishap(times, path.lower(), status, body, content_type, retry_after)
        self.failures.append(mishap)

    def lose_answers(self, times: int = 1, path: str = "") -> None:
        """Do what the next requests ask, and close their connection without an answer."""
        self.losses.append(Mishap(times, path.lower()))

    def truncate_answers(self, times: int = 1, path: str = "") -> None:
        """Leave away the second half of the next answers."""
        self.truncations.append(Mishap(times, path.lower()))

    def set(self, name: str, value: object) -> None:
        """Set a switch by its name.

        Raises:
            ValueError: There is no such switch, or the value is of another type.
        """
        switches = {each.name: getattr(self, each.name) for each in fields(self)}
        if name not in switches:
            raise ValueError(f"no fault {name!r}")
        old = switches[name]
        if isinstance(old, float) and type(value) is int:
            value = float(value)
        if old is not None and value is not None and type(value) is not type(old):
            raise ValueError(f"{name} is a {type(old).__name__}")
        setattr(self, name, value)


def befalls(mishaps: list[Mishap], path: str) -> Mishap | None:
    """Take the first mishap that is meant for this path, once."""
    for mishap in mishaps:
        if mishap.path in path.lower():
            mishap.times -= 1
            if mishap.times == 0:
                mishaps.remove(mishap)
            return mishap
    return None
