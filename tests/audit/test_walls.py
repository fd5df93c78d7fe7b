"""The walls between the parts: who may import whom (design, section 1)."""

from collections.abc import Iterator
import re
import sys

import pytest

from homeassistant.const import Platform

from .sources import INTEGRATION, Module, modules

SYSTEMS = "custom_components.gatehouse.systems"
SYSTEM = re.compile(rf"{INTEGRATION}/systems/(\w+)/")
CLIENT = re.compile(rf"{INTEGRATION}/systems/(\w+)/client/")
SIMULATOR = re.compile(r"simulators/(\w+)/")
PLATFORM = re.compile(rf"{INTEGRATION}/({'|'.join(Platform)})\.py")
ROOT_MODULE = re.compile(rf"{INTEGRATION}/\w+\.py")

#: What a client is made of. yarl is aiohttp's own type for addresses.
CLIENT_MAY_IMPORT = sys.stdlib_module_names | {"aiohttp", "orjson", "yarl"}


def within(name: str, package: str) -> bool:
    """Tell whether a dotted name is a package or inside it."""
    return f"{name}.".startswith(f"{package}.")


def crossings(module: Module) -> Iterator[str]:
    """Yield what a module imports through a wall."""
    for line, name in module.imports():
        top = name.partition(".")[0]
        if client := CLIENT.match(module.path):
            allowed = top in CLIENT_MAY_IMPORT or within(name, f"{SYSTEMS}.{client[1]}.client")
        elif system := SYSTEM.match(module.path):
            allowed = top not in {"simulators", "tests"} and (
                not within(name, SYSTEMS) or within(name, f"{SYSTEMS}.{system[1]}")
            )
        elif ROOT_MODULE.fullmatch(module.path):
            found = re.match(rf"{re.escape(SYSTEMS)}\.(\w+)", name)
            allowed = top not in {"simulators", "tests"} and not (found and found[1] in systems())
        elif simulator := SIMULATOR.match(module.path):
            allowed = top not in {"homeassistant", "custom_components", "tests"} and (
                top != "simulators"
                or within(name, f"simulators.{simulator[1]}")
                or within(name, "simulators.kit")
            )
        else:
            allowed = True
        if not allowed:
            yield f"{module.path}:{line} imports {name}"


def systems() -> set[str]:
    """Return the ids of the systems there are."""
    return {found[1] for module in modules(INTEGRATION) if (found := SYSTEM.match(module.path))}


def logic_in_the_hall(module: Module) -> Iterator[str]:
    """Yield what makes a root module more than a door to the systems."""
    if PLATFORM.fullmatch(module.path) and re.search(r"^\s*class ", module.text, re.MULTILINE):
        yield f"{module.path} holds a class"
    if PLATFORM.fullmatch(module.path) and module.text.count("\n") > 40:
        yield f"{module.path} is not thin"
    if ROOT_MODULE.fullmatch(module.path):
        names = "|".join(systems())
        for found in re.finditer(rf"[\"'](?:{names})[\"']", module.text):
            yield f"{module.path} knows {found[0]}"


def test_nothing_is_imported_through_a_wall() -> None:
    every = modules("custom_components", "simulators")
    assert len(every) > 20
    assert [crossing for module in every for crossing in crossings(module)] == []


def test_root_modules_hold_no_logic_of_a_system() -> None:
    every = modules(INTEGRATION)
    assert any(PLATFORM.fullmatch(module.path) for module in every)
    assert [found for module in every for found in logic_in_the_hall(module)] == []


def test_platforms_say_how_many_commands_run_at_once() -> None:
    platforms = [each for each in modules(INTEGRATION) if PLATFORM.fullmatch(each.path)]
    assert [each.path for each in platforms if "\nPARALLEL_UPDATES" not in each.text] == []


NET2 = f"{INTEGRATION}/systems/paxton_net2"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{NET2}/client/api.py", "from homeassistant.core import HomeAssistant"),
        (f"{NET2}/client/api.py", "def f():\n    import requests"),
        (f"{NET2}/client/api.py", "from ..const import LOGGER"),
        (f"{NET2}/client/transport/rest.py", "from ... import const"),
        (f"{NET2}/lock.py", "from ..vxg.client import Camera"),
        (f"{NET2}/__init__.py", "from .. import vxg"),
        (f"{NET2}/lock.py", "from simulators.kit import clock"),
        (f"{INTEGRATION}/lock.py", "from .systems.paxton_net2.lock import Net2Lock"),
        (f"{INTEGRATION}/config_flow.py", "from .systems import paxton_net2"),
        ("simulators/kit/clock.py", "import homeassistant"),
        ("simulators/kit/clock.py", "from ..paxton_net2 import world"),
        ("simulators/vxg/world.py", "from simulators.paxton_net2 import world"),
        ("simulators/vxg/world.py", "from custom_components.gatehouse.const import DOMAIN"),
    ],
)
def test_a_hole_in_a_wall_is_seen(path: str, text: str) -> None:
    assert list(crossings(Module(path, text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{NET2}/client/api.py", "from .transport.rest import Net2Rest\nimport asyncio, aiohttp"),
        (f"{NET2}/client/transport/rest.py", "from ..errors import Net2Error"),
        (f"{NET2}/lock.py", "from .client import Door\nfrom ...const import DOMAIN"),
        (f"{INTEGRATION}/lock.py", "from .systems import platform_setup"),
        ("simulators/paxton_net2/world.py", "from ..kit.clock import Clock\nfrom . import doors"),
    ],
)
def test_a_door_in_a_wall_is_open(path: str, text: str) -> None:
    assert not list(crossings(Module(path, text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{INTEGRATION}/lock.py", "class Net2Lock:\n    pass\n"),
        (f"{INTEGRATION}/lock.py", "x = 1\n" * 41),
        (f"{INTEGRATION}/config_flow.py", 'if system == "paxton_net2":\n    pass\n'),
    ],
)
def test_logic_of_a_system_in_the_hall_is_seen(path: str, text: str) -> None:
    assert list(logic_in_the_hall(Module(path, text)))
