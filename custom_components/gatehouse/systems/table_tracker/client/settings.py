"""How to reach one gateway, and the token it gave."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TableTrackerSettings:
    """Address and token of one gateway; no token before it is paired."""

    host: str
    port: int = 8000
    token: str | None = field(default=None, repr=False)

    @property
    def base_url(self) -> str:
        """Origin of the API and of its WebSocket: there is no TLS (section 1.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"
