"""`script/simulate`, as a user runs it."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import signal
from xml.etree import ElementTree as ET

import aiohttp
import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def process() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        ROOT / "script" / "simulate",
        *("paxton_net2", "--seed", "3", "--doors", "6", "--busy", "0.1"),
        stdout=asyncio.subprocess.PIPE,
    )
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


def client_id_in(licence: Path) -> str | None:
    """Return the client id that a licence file holds; None if there is no such file."""
    return ET.fromstring(licence.read_text()).get("ClientID") if licence.exists() else None


async def test_it_says_where_it_is_and_ends_when_told(
    process: asyncio.subprocess.Process,
) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(120):
        line = json.loads(await process.stdout.readline())

    assert line.keys() == {
        "system",
        "url",
        "host",
        "port",
        "control_url",
        "fingerprint",
        "username",
        "password",
        "client_id",
        "licence_file",
    }
    licence = Path(line["licence_file"])
    assert licence.name == f"{line['client_id']}.lic"
    assert client_id_in(licence) == line["client_id"]

    pinned = aiohttp.Fingerprint(bytes.fromhex(line["fingerprint"]))
    form = {key: line[key] for key in ("username", "password", "client_id")}
    form["grant_type"] = "password"
    async with aiohttp.ClientSession() as session:
        url = f"{line['url']}/api/v1/authorization/tokens"
        async with session.post(url, data=form, ssl=pinned) as answer:
            assert answer.status == 200
        async with asyncio.timeout(60), session.get(f"{line['control_url']}/_sim/state") as answer:
            assert len((await answer.json())["doors"]) == 6

    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        assert await process.wait() == 0
    assert client_id_in(licence) is None


async def test_it_names_the_systems_it_knows() -> None:
    process = await asyncio.create_subprocess_exec(
        ROOT / "script" / "simulate", stderr=asyncio.subprocess.PIPE
    )
    _, error = await process.communicate()

    assert process.returncode
    assert b"paxton_net2" in error
