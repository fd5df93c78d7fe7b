"""What can be made to go wrong: switches that tests and the control plane set by name."""

from dataclasses import dataclass, field, fields
from http import HTTPStatus


@dataclass(slots=True)
class Failure:
    """An answer to give instead of the right one, `times` times, to paths that hold `path`."""

    status: int
    times: int
    path: str
    body: str | None
    retry_after: str | None


@dataclass(slots=True)
class Faults:
    """The faults that every HTTP server can have; a system's own ones are further fields."""

    #: Seconds that each answer is kept back (of real time).
    delay: float = 0.0
    #: So many answers lose their second half.
    truncated_answers: int = 0
    #: So many requests are carried out, and their connection closed without an answer.
    lost_answers: int = 0
    failures: list[Failure] = field(default_factory=list)

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        path: str = "",
        body: str | None = None,
        retry_after: str | None = None,
    ) -> None:
        """Answer the next requests whose path holds `path` with `status`."""
        HTTPStatus(status)
        self.failures.append(Failure(status, times, path.lower(), body, retry_after))

    def failure_for(self, path: str) -> Failure | None:
        """Take one failure that was asked for this path."""
        for failure in self.failures:
            if failure.path in path.lower():
                failure.times -= 1
                if failure.times == 0:
                    self.failures.remove(failure)
                return failure
        return None

    def take(self, name: str) -> bool:
        """Use up one of a counted fault."""
        left = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return bool(left > 0)

    def set(self, name: str, value: object) -> None:
        """Set a switch by its name.

        Raises:
            ValueError: There is no such switch, or the value is of another type.
        """
        if name == "failures" or name not in {each.name for each in fields(self)}:
            raise ValueError(f"no fault {name!r}")
        old = getattr(self, name)
        if isinstance(old, float) and type(value) is int:
            value = float(value)
        if old is not None and value is not None and type(value) is not type(old):
            raise ValueError(f"{name} is a {type(old).__name__}")
        setattr(self, name, value)
