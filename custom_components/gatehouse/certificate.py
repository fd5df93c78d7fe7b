"""A server's certificate, read so that a person can decide whether to trust it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
import hashlib
import ssl

from cryptography import x509

from homeassistant.util.ssl import get_default_no_verify_context

#: Seconds for the TCP connection and the handshake together.
_TIMEOUT = 10


@dataclass(frozen=True, slots=True)
class Certificate:
    """What identifies a certificate; `sha256` is the digest of its DER form in hex."""

    sha256: str
    subject: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime

    @property
    def placeholders(self) -> dict[str, str]:
        """The certificate in words, for the forms that show it."""
        pairs = (self.sha256[i : i + 2] for i in range(0, len(self.sha256), 2))
        return {
            "fingerprint": ":".join(pairs).upper(),
            "subject": self.subject,
            "names": ", ".join(self.names) or "–",
            "not_before": f"{self.not_before:%Y-%m-%d}",
            "not_after": f"{self.not_after:%Y-%m-%d}",
        }


async def async_fetch_certificate(host: str, port: int) -> Certificate:
    """Shake hands with a server, read its certificate and hang up.

    Nothing is sent over this connection: that the certificate is unverified here is the
    reason for asking a person.

    Raises:
        OSError: The server cannot be reached or does not speak TLS.
        TimeoutError: It did not answer in time.
    """
    async with asyncio.timeout(_TIMEOUT):
        _, writer = await asyncio.open_connection(
            host, port, ssl=get_default_no_verify_context(), server_hostname=host
        )
    try:
        tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True)
    finally:
        writer.transport.abort()
    if der is None:
        raise ConnectionError("The server showed no certificate")
    return _parse(der)


def _parse(der: bytes) -> Certificate:
    certificate = x509.load_der_x509_certificate(der)
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = tuple(str(name.value) for name in extension.value)
    except x509.ExtensionNotFound:
        names = ()
    return Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        subject=certificate.subject.rfc4514_string(),
        names=names,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )
