"""What the code asks of translations and icons.

Keys are patterns, since a key may be built (`door_is_{mode}`). What the code spells out is read
from its text; what stands in tables (descriptions, schemas, systems, errors) from the tables.
"""

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
import json
from pathlib import PurePosixPath
import re
from types import ModuleType
from typing import Any

import probatio
import yaml

from homeassistant.data_entry_flow import section
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.selector import SelectSelector

from custom_components.gatehouse.actions import Action
from custom_components.gatehouse.issues import Issue
from custom_components.gatehouse.systems import SYSTEMS

from .sources import INTEGRATION, ROOT, Module, modules

ENGLISH: dict[str, Any] = json.loads((ROOT / INTEGRATION / "translations/en.json").read_text())
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / INTEGRATION / "services.yaml").read_text())

#: Where a flow's words stand, by the module that holds the flow.
FLOWS = {"options_flow": "options", "repairs": "issues"}
SHOWN = {"async_show_form", "async_show_menu", "async_show_progress"}
#: What Home Assistant's own helpers abort with.
HELPERS = {
    "_abort_if_unique_id_configured": ["already_configured"],
    "async_update_reload_and_abort": ["reauth_successful", "reconfigure_successful"],
}


def imported(pattern: str) -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules of the integration whose path matches, with their stem."""
    for module in modules(INTEGRATION):
        if re.fullmatch(rf"{INTEGRATION}/{pattern}\.py", module.path):
            yield PurePosixPath(module.path).stem, import_module(module.name)


def rows[RowT](kind: type[RowT], system: str = r"\w+") -> Iterator[tuple[str, RowT]]:
    """Yield the rows of a kind in the systems' tables, with the stem of the table's module."""
    for stem, module in imported(rf"systems/{system}/\w+"):
        for table in vars(module).values():
            if isinstance(table, tuple):
                yield from ((stem, row) for row in table if isinstance(row, kind))


def descriptions(system: str = r"\w+") -> Iterator[tuple[str, EntityDescription]]:
    """Yield platform and row of every kind of entity, or of a system's."""
    return rows(EntityDescription, system)


def actions() -> dict[str, Action]:
    """Return the actions that the systems register, by name."""
    return {action.name: action for _, action in rows(Action)}


def fields(schema: probatio.Schema) -> Iterator[tuple[str, Any]]:
    """Yield name and validator of a form's fields, those in sections as `section.field`."""
    for marker, validator in schema.schema.items():
        name = str(getattr(marker, "schema", marker))
        if isinstance(validator, section):
            yield from ((f"{name}.{inner}", v) for inner, v in fields(validator.schema))
        else:
            yield name, validator


def schemas() -> Iterator[probatio.Schema]:
    """Yield the forms that modules and classes of the flows hold."""
    for _, module in imported(r"(?:systems/\w+/)?\w*(?:flow|repairs)"):
        classes = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == module.__name__
        ]
        for holder in (module, *classes):
            yield from (form for form in vars(holder).values() if isinstance(form, probatio.Schema))


def choices() -> dict[str, set[str]]:
    """Return the options of each translated choice, in forms and in the fields of actions."""
    selects = [
        validator.config
        for schema in schemas()
        for _, validator in fields(schema)
        if isinstance(validator, SelectSelector)
    ]
    selects += [
        field["selector"]["select"]
        for action in SERVICES.values()
        for field in action["fields"].values()
        if "select" in field["selector"]
    ]
    return {
        select["translation_key"]: {str(option) for option in select["options"]}
        for select in selects
        if "translation_key" in select
    }


def error_keys() -> set[str]:
    """Return the keys that the systems' tables of errors give to their clients' errors."""
    tables = [module for _, module in imported(r"systems/\w+/errors")]
    return {key for module in tables for key in module.ERRORS.keys.values()}


def code_keys() -> set[str]:
    """Return the keys of errors that a vendor tells apart by numbers, where one does."""
    tables = [module for _, module in imported(r"systems/\w+/errors")]
    return {key for module in tables for key in getattr(module, "BY_CODE", {}).values()}


def issue_keys() -> set[str]:
    """Return the repair issues: each is a constant of its system's module of issues."""
    return {
        value.key
        for _, module in imported(r"systems/\w+/issues")
        for value in vars(module).values()
        if isinstance(value, Issue)
    }


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """Return what a call gives for a parameter."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if given is None and position is not None and len(call.args) > position:
        return call.args[position]
    return given


def pattern(node: ast.expr | None) -> str | None:
    """Return the pattern of a text that the code spells out, or None where a table has it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            pattern(part) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
        )
        return "".join(part or "" for part in parts)
    return None


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the last part of the name that is called."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", getattr(function, "id", "")), node


def raised(module: Module) -> Iterator[tuple[str, set[str] | None]]:
    """Yield key pattern and placeholders of exceptions; None where a variable holds these."""
    for _, call in calls(module):
        key = pattern(argument(call, "translation_key"))
        if argument(call, "translation_domain") is None or key is None:
            continue
        given = argument(call, "translation_placeholders")
        if given is None:
            yield key, set()
        elif isinstance(given, ast.Dict) and None not in given.keys:
            yield key, {ast.literal_eval(name) for name in given.keys if name}
        else:
            yield key, None


def spelled_values(node: ast.expr) -> Iterator[str]:
    """Yield the patterns of the values of dictionaries that an expression spells out."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Dict):
            yield from filter(None, map(pattern, inner.values))


def chosen_steps(module: Module) -> Iterator[str]:
    """Yield the steps that a flow chooses to come back to."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                target, value = target.elts[0], value.elts[0]
            if isinstance(target, ast.Attribute) and target.attr == "_step":
                yield from filter(None, [pattern(value)])


def spelled_out(module: Module) -> Iterator[str]:
    """Yield the patterns of keys that a module's text names."""
    flow = FLOWS.get(PurePosixPath(module.path).stem, "config")
    yield from (f"exceptions.{key}" for key, _ in raised(module))
    for name, call in calls(module):
        yield from (f"config.abort.{reason}" for reason in HELPERS.get(name, ()))
        if name == "SetupError" and (key := pattern(argument(call, "key", 0))):
            yield f"config.error.{key}"
        if flow == "issues":
            continue
        if name == "async_abort" and (key := pattern(argument(call, "reason"))):
            yield f"{flow}.abort.{key}"
        if name in SHOWN and (key := pattern(argument(call, "step_id"))):
            yield f"{flow}.step.{key}"
        if key := pattern(argument(call, "progress_action")):
            yield f"{flow}.progress.{key}"
        if (errors := argument(call, "errors")) is not None:
            yield from (f"{flow}.error.{key}" for key in spelled_values(errors))
    yield from (f"{flow}.step.{key}" for key in chosen_steps(module))


def wanted() -> set[str]:
    """Return the patterns of everything that has to be translated."""
    found = {key for module in modules(INTEGRATION) for key in spelled_out(module)}
    # The flow shows these by a step or a key that it is given.
    found |= {"config.step.reconfigure", "config.step.reauth_confirm", "config.flow_title"}
    found |= {"config.error.cannot_connect", "config.error.unknown"}
    found |= {f"exceptions.{key}" for key in error_keys() | code_keys()}
    # A certificate that is not trusted has a step of its own.
    found |= {f"config.error.{key}" for key in error_keys() - {"certificate_untrusted"}}
    found |= {
        f"{place}.{key}" for key in SYSTEMS for place in ("config.step", "system_health.info")
    }
    found |= {f"issues.{key}" for key in issue_keys()}
    found |= {f"selector.{key}" for key in choices()}
    found |= {f"services.{name}" for name in actions()}
    found |= {
        f"entity.{platform}.{row.translation_key}"
        for platform, row in descriptions()
        if row.translation_key
    }
    return found


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted path and value of everything at the ends of a tree."""
    for key, value in tree.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path, value
