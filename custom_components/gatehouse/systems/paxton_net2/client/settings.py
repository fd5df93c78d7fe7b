"""How to reach one Net2 server and as whom."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Net2Settings:
    """Address, operator and licence of one server.

    `fingerprint` is the SHA-256 of the certificate in hex: pinned where it is given, else the
    system's CAs decide.
    """

    host: str
    port: int = 8443
    use_https: bool = True
    username: str
    password: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str | None = field(default=None, repr=False)
    fingerprint: str | None = None

    @property
    def base_url(self) -> str:
        """Origin of both the REST API and the SignalR endpoints."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.use_https else 'http'}://{host}:{self.port}"
