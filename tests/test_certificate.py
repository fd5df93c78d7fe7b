"""Reading a server's certificate for a person to look at."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
import hashlib
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.gatehouse import certificate
from custom_components.gatehouse.certificate import async_fetch_certificate

type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def wait_for_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing until the client hangs up."""
    with suppress(ConnectionResetError):
        await reader.read()
    writer.close()


async def say_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a handshake as no TLS server does."""
    writer.write(b"220 mail ready\r\n")
    await wait_for_the_end(reader, writer)


@asynccontextmanager
async def serving(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """Serve on loopback, with TLS if there is a context; yield the port."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def made(folder: Path) -> tuple[bytes, ssl.SSLContext]:
    """Make a certificate that names no host; return its DER form and a context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "old")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 2, tzinfo=UTC))
        .not_valid_after(datetime(2040, 3, 4, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return signed.public_bytes(serialization.Encoding.DER), context


async def test_a_certificate_is_told_in_words(tmp_path: Path) -> None:
    der, context = made(tmp_path)
    async with serving(wait_for_the_end, context) as port:
        found = await async_fetch_certificate("127.0.0.1", port)
    assert found.sha256 == hashlib.sha256(der).hexdigest()
    placeholders = found.placeholders
    fingerprint = placeholders.pop("fingerprint")
    assert bytes.fromhex(fingerprint.replace(":", "")) == hashlib.sha256(der).digest()
    assert fingerprint == fingerprint.upper()
    assert placeholders == {
        "subject": "CN=old",
        "names": "–",
        "not_before": "2020-01-02",
        "not_after": "2040-03-04",
    }


async def test_what_speaks_no_tls_shows_none() -> None:
    async with serving(say_something_else) as port:
        with pytest.raises(OSError, match="SSL"):
            await async_fetch_certificate("127.0.0.1", port)


async def test_what_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "_TIMEOUT", 0.1)
    async with serving(wait_for_the_end) as port:
        with pytest.raises(TimeoutError):
            await async_fetch_certificate("127.0.0.1", port)


async def test_a_port_that_is_closed_shows_none() -> None:
    async with serving(wait_for_the_end) as port:
        pass
    with pytest.raises(OSError):  # noqa: PT011  # its text is the operating system's
        await async_fetch_certificate("127.0.0.1", port)
