"""Prints what Home Assistant would install during its first start, one requirement a line.

Two of these are compiled, and Home Assistant installs one after the other while
it starts. Installed beforehand and all at once they take a third of the time,
and the first start needs no network.
"""

from collections.abc import Iterable
import json
from pathlib import Path

from homeassistant import components
from homeassistant.auth.mfa_modules import totp
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS

BESIDE_THE_DEFAULT = (
    "camera",
    "energy",
    "file_upload",
    "history",
    "isal",
    "logbook",
    "stream",
)


def requirements(domains: Iterable[str]) -> set[str]:
    """Collect what integrations and all that they depend on require.

    Home Assistant installs for `after_dependencies` too, loaded or not.
    """
    folder = Path(components.__path__[0])
    waiting = set(domains)
    seen: set[str] = set()
    found: set[str] = set()
    while waiting:
        domain = waiting.pop()
        seen.add(domain)
        manifest = json.loads((folder / domain / "manifest.json").read_text())
        found.update(manifest.get("requirements", ()))
        for key in ("dependencies", "after_dependencies"):
            waiting.update(set(manifest.get(key, ())) - seen)
    return found


if __name__ == "__main__":
    wanted = requirements({*DEFAULT_INTEGRATIONS, *BESIDE_THE_DEFAULT})
    print(*sorted(wanted.union(totp.REQUIREMENTS)), sep="\n")
