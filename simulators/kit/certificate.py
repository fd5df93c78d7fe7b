"""A certificate that a server makes for itself, as the vendors' installers do."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
import ipaddress
from pathlib import Path
import ssl
import tempfile
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: The names that a certificate is for unless a caller says otherwise.
_NAMES: Final = ("localhost", "127.0.0.1")


class SelfSignedCertificate:
    """A key and a certificate for it, for `localhost` and 127.0.0.1 or other `names`.

    Its subject has a common name, an organizational unit, or both. They are made anew, unless
    there are some in `file`, which keeps what is made.
    """

    def __init__(
        self,
        common_name: str | None,
        file: Path | None = None,
        *,
        unit: str | None = None,
        names: Sequence[str] = _NAMES,
    ) -> None:
        if file is not None and file.exists():
            self._pem = file.read_bytes()
        else:
            self._pem = _make(common_name, unit, names)
            if file is not None:
                file.write_bytes(self._pem)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return x509.load_pem_x509_certificate(self._pem).fingerprint(hashes.SHA256()).hex()

    def server_context(self) -> ssl.SSLContext:
        """Return what a server needs to show this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The ssl module reads certificates from files only.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "server.pem")
            file.write_bytes(self._pem)
            context.load_cert_chain(file)
        return context


def _make(common_name: str | None, unit: str | None, names: Sequence[str]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = {NameOID.COMMON_NAME: common_name, NameOID.ORGANIZATIONAL_UNIT_NAME: unit}
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject.items() if value])
    start = datetime.now(UTC) - timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
    )
    if names:
        others = x509.SubjectAlternativeName([_alternative(each) for each in names])
        builder = builder.add_extension(others, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
