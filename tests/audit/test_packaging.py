"""What hassfest, HACS and releases look at; and every place names the same, tested versions."""

from importlib.metadata import version
import json
from pathlib import PurePosixPath
import re
import struct

import pytest

from homeassistant.const import Platform, __version__ as FLOOR

from .sources import INTEGRATION, ROOT, Module, files, modules

MANIFEST = json.loads((ROOT / INTEGRATION / "manifest.json").read_text())
HACS = json.loads((ROOT / "hacs.json").read_text())

#: Keys that hassfest takes from a custom integration.
MANIFEST_REQUIRED = {
    "codeowners",
    "config_flow",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "requirements",
    "version",
}
MANIFEST_ALLOWED = MANIFEST_REQUIRED | {"after_dependencies", "dependencies", "loggers", "zeroconf"}
HACS_ALLOWED = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}
#: What hassfest lets any integration import without saying so, as far as it concerns us.
ALWAYS_THERE = {*Platform, "device_automation", "homeassistant", "persistent_notification"}
ALWAYS_THERE |= {"media_source", "script", "system_health", "webhook", "websocket_api"}


def undeclared(module: Module, declared: set[str]) -> list[str]:
    """Return the components that a module uses and the manifest does not name.

    A platform may use the component it is a platform of: `repairs.py` imports repairs.
    """
    used = {
        name.split(".")[2]
        for _, name in module.imports()
        if name.startswith("homeassistant.components.")
    }
    own = PurePosixPath(module.path).stem
    return sorted(f"{module.path} {name}" for name in used - declared - ALWAYS_THERE - {own})


def pinned(path: str, name: str) -> str:
    """Return the version that a requirements file pins a package to."""
    found = re.search(rf"^{name}==(\S+)$", (ROOT / path).read_text(), re.MULTILINE)
    assert found, f"{path} does not pin {name}"
    return found[1]


def test_the_manifest_is_as_hassfest_wants_it() -> None:
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert MANIFEST_REQUIRED <= set(keys[2:]) <= MANIFEST_ALLOWED
    assert MANIFEST["domain"] == PurePosixPath(INTEGRATION).name
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert all(re.fullmatch(r"\S+==\S+", requirement) for requirement in MANIFEST["requirements"])
    assert MANIFEST["documentation"].startswith("https://")
    assert MANIFEST["issue_tracker"].startswith("https://")
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


def test_no_other_manifest_is_there_to_be_picked_up() -> None:
    found = [path for path in files() if PurePosixPath(path).name == "manifest.json"]
    assert found == [f"{INTEGRATION}/manifest.json"]


def test_every_component_used_is_declared() -> None:
    declared = {*MANIFEST.get("dependencies", ()), *MANIFEST.get("after_dependencies", ())}
    assert [name for module in modules(INTEGRATION) for name in undeclared(module, declared)] == []


def test_configuration_in_yaml_is_refused() -> None:
    text = Module.read(f"{INTEGRATION}/__init__.py").text
    assert "async def async_setup(" in text
    assert "CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)" in text


def test_hacs_takes_the_repository() -> None:
    assert HACS["name"] == MANIFEST["name"]
    assert set(HACS) <= HACS_ALLOWED
    assert (ROOT / "README.md").is_file()
    assert "Apache License" in (ROOT / "LICENSE").read_text()


def test_the_oldest_home_assistant_named_is_the_one_tested() -> None:
    assert HACS["homeassistant"] == FLOOR


def test_blueprints_ask_for_that_version_too() -> None:
    blueprints = [path for path in files() if path.startswith("blueprints/")]
    assert blueprints
    found = {re.search(r"min_version: (.*)", (ROOT / path).read_text()) for path in blueprints}
    assert {match and match[1] for match in found} == {FLOOR}


def test_the_readme_names_the_versions_that_are_tested() -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"Home Assistant {FLOOR} or newer" in readme
    newest = pinned("requirements_newest.txt", "homeassistant")
    assert set(re.findall(r"\b20\d\d\.\d+\.\d+\b", readme)) == {FLOOR, newest}


def test_the_changelog_begins_with_the_version_of_the_manifest() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    found = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert found
    assert found[1] == MANIFEST["version"]


@pytest.mark.parametrize("tool", ["pytest", "pytest-asyncio", "pytest-timeout"])
def test_both_environments_test_with_the_same_tools(tool: str) -> None:
    assert pinned("requirements_newest.txt", tool) == version(tool)


def test_actions_of_workflows_are_pinned_to_a_commit() -> None:
    used = [
        line
        for path in files()
        if path.startswith(".github/workflows/")
        for line in re.findall(r"uses: (?!\./)(.*)", (ROOT / path).read_text())
    ]
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # \S.*", line)] == []


@pytest.mark.parametrize("name", ["icon", "dark_icon"])
@pytest.mark.parametrize(("suffix", "pixels"), [("", 256), ("@2x", 512)])
def test_the_brand_has_its_pictures(name: str, suffix: str, pixels: int) -> None:
    brand = ROOT / INTEGRATION / "brand"
    data = (brand / f"{name}{suffix}.png").read_bytes()
    # A PNG's width and height stand at a fixed place.
    assert struct.unpack(">II", data[16:24]) == (pixels, pixels)
    assert (brand / f"{name.replace('icon', 'logo')}{suffix}.png").is_file()


def test_clients_are_marked_as_typed() -> None:
    clients = {
        str(PurePosixPath(path).parent)
        for path in files()
        if re.fullmatch(rf"{INTEGRATION}/systems/\w+/client/__init__\.py", path)
    }
    assert clients
    assert [client for client in clients if not (ROOT / client / "py.typed").is_file()] == []


def test_an_undeclared_component_is_seen() -> None:
    lock = Module(f"{INTEGRATION}/lock.py", "from homeassistant.components.recorder import history")
    assert undeclared(lock, {"http"}) == [f"{INTEGRATION}/lock.py recorder"]
    assert undeclared(lock, {"recorder"}) == []
    repairs = Module(f"{INTEGRATION}/repairs.py", "from homeassistant.components import repairs")
    assert undeclared(repairs, set()) == []
