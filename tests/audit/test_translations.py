"""Every sentence that the code asks for is there, none is left over, and all are plain text."""

from collections.abc import Iterator, Mapping
import re
from typing import Any

import pytest

from homeassistant.components.event import EventEntityDescription

from custom_components.gatehouse.systems import SYSTEMS

from . import usage
from .sources import INTEGRATION, Module, modules
from .usage import ENGLISH, SERVICES

#: How deep the keys stand that code asks for; what is deeper belongs to them.
DEPTH = {
    "config": 3,
    "entity": 3,
    "exceptions": 2,
    "issues": 2,
    "options": 3,
    "selector": 2,
    "services": 2,
    "system_health": 3,
}
PLACEHOLDER = re.compile(r"{(\w+)}")


def asked_for(translations: Mapping[str, Any]) -> set[str]:
    """Return the keys that code asks for."""
    paths = [path.split(".") for path, _ in usage.leaves(translations)]
    return {".".join(path[: DEPTH.get(path[0], 1)]) for path in paths}


def unmet(wanted: set[str], found: set[str]) -> list[str]:
    """Return what is asked for and not there."""
    return sorted(want for want in wanted if not any(re.fullmatch(want, key) for key in found))


def unused(wanted: set[str], found: set[str]) -> list[str]:
    """Return what is there and not asked for."""
    return sorted(key for key in found if not any(re.fullmatch(want, key) for want in wanted))


def not_plain(path: str, text: Any) -> Iterator[str]:
    """Yield what Home Assistant would not show as it is written."""
    wrong = {
        "is no text": not isinstance(text, str) or not text,
        "has outer blanks": str(text) != str(text).strip(),
        "refers to a key": "[%" in str(text),
        "holds HTML": re.search(r"</?[a-zA-Z]\w*[ />]", str(text)),
        "holds an address": re.search(r"https?://|www\.", str(text)),
        "quotes a placeholder": re.search(r"[\"'`‘“]{\w+}[\"'`’”]", str(text)),  # noqa: RUF001  # what is forbidden
        "has a placeholder in a state": ".state." in path and PLACEHOLDER.search(str(text)),
        "has a key that is no slug": not re.fullmatch(r"[a-z0-9_.]+", path),
    }
    yield from (f"{path} {what}" for what, is_wrong in wrong.items() if is_wrong)


def undescribed(forms: Mapping[str, Any]) -> Iterator[str]:
    """Yield steps and sections whose fields and descriptions of fields differ."""
    for name, step in forms.items():
        if step.get("data", {}).keys() != step.get("data_description", {}).keys():
            yield name
        for section, inner in step.get("sections", {}).items():
            if inner.get("data", {}).keys() != inner.get("data_description", {}).keys():
                yield f"{name}.{section}"


def field_names(step: Mapping[str, Any]) -> set[str]:
    """Return the fields that a step's texts are about, as `usage.fields` names them."""
    inner = {
        f"{section}.{field}"
        for section, texts in step.get("sections", {}).items()
        for field in texts.get("data", {})
    }
    return inner | set(step.get("data", {}))


def test_all_that_is_asked_for_is_translated() -> None:
    found, wanted = asked_for(ENGLISH), usage.wanted()
    assert len(wanted) > 60
    assert unmet(wanted, found) == []
    assert unused(wanted, found) == []


def test_texts_are_plain() -> None:
    assert [wrong for leaf in usage.leaves(ENGLISH) for wrong in not_plain(*leaf)] == []


def test_every_field_of_a_form_is_named_and_described() -> None:
    assert list(undescribed(ENGLISH["config"]["step"])) == []
    assert list(undescribed(ENGLISH["options"]["step"])) == []


def test_the_forms_of_a_system_name_the_fields_they_have() -> None:
    steps = ENGLISH["config"]["step"]
    forms = {system: set(dict(usage.fields(SYSTEMS[system].form.schema))) for system in SYSTEMS}
    credentials = [set(dict(usage.fields(each.form.credentials))) for each in SYSTEMS.values()]
    assert {system: field_names(steps[system]) for system in SYSTEMS} == forms
    assert field_names(steps["reconfigure"]) == set().union(*forms.values())
    assert field_names(steps["reauth_confirm"]) == set().union(*credentials)
    assert steps["user"]["menu_options"].keys() == SYSTEMS.keys()


def test_options_name_the_fields_they_have() -> None:
    own = {name for schema in usage.schemas() for name, _ in usage.fields(schema)}
    named = set().union(*(field_names(step) for step in ENGLISH["options"]["step"].values()))
    system_forms = [system.form for system in SYSTEMS.values()]
    others = {name for form in system_forms for name, _ in usage.fields(form.schema)}
    assert own - others <= named
    # What is chosen from the site itself is in no table.
    assert named - own == {"door", "excluded_cameras", "floors"}


def test_choices_name_their_options() -> None:
    named = {key: set(texts["options"]) for key, texts in ENGLISH["selector"].items()}
    assert named == usage.choices()


def test_entities_have_a_name() -> None:
    for platform, row in usage.descriptions():
        if row.translation_key:
            assert ENGLISH["entity"][platform][row.translation_key]["name"]
        else:
            # The name is that of the device class, or of the device.
            assert row.device_class or row.name is None


def test_event_types_are_named() -> None:
    for platform, row in usage.descriptions():
        if isinstance(row, EventEntityDescription) and row.translation_key:
            texts = ENGLISH["entity"][platform][row.translation_key]
            types = texts["state_attributes"]["event_type"]["state"]
            assert types.keys() == set(row.event_types or ())


@pytest.mark.parametrize("module", modules(INTEGRATION), ids=lambda module: module.path)
def test_exceptions_are_given_what_their_texts_name(module: Module) -> None:
    for key, given in usage.raised(module):
        texts = [v["message"] for k, v in ENGLISH["exceptions"].items() if re.fullmatch(key, k)]
        assert texts
        if given is not None:
            assert [set(PLACEHOLDER.findall(text)) for text in texts] == [given] * len(texts)


def test_errors_of_clients_need_nothing() -> None:
    for key in usage.error_keys():
        assert not PLACEHOLDER.search(ENGLISH["exceptions"][key]["message"])


def test_issues_tell_what_is_wrong_and_what_to_do() -> None:
    flow = Module.read(f"{INTEGRATION}/repairs.py")
    spelled = {
        name: {
            usage.pattern(usage.argument(call, argument))
            for called, call in usage.calls(flow)
            if called == name
        }
        for name, argument in (("async_abort", "reason"), ("async_show_form", "step_id"))
    }
    for texts in ENGLISH["issues"].values():
        assert texts["title"]
        if "fix_flow" not in texts:
            assert texts.keys() == {"title", "description"}
            continue
        assert texts.keys() == {"title", "fix_flow"}
        assert texts["fix_flow"]["abort"].keys() == spelled["async_abort"]
        assert texts["fix_flow"]["step"].keys() == spelled["async_show_form"]


def test_actions_are_described_field_by_field() -> None:
    texts = ENGLISH["services"]
    assert SERVICES.keys() == texts.keys()
    for name, action in SERVICES.items():
        assert texts[name].keys() <= {"name", "description", "fields"}
        assert texts[name]["name"]
        assert texts[name]["description"]
        fields = texts[name].get("fields", {})
        assert fields.keys() == action["fields"].keys()
        assert all(field.keys() == {"name", "description"} for field in fields.values())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.step.user.title", "[%key:common::x%]"),
        ("config.step.user.title", "Press <b>here</b>"),
        ("config.step.user.title", "See https://example.org"),
        ("config.step.user.title", " Sites"),
        ("config.step.user.title", ""),
        ("exceptions.gone.message", "The door '{door}' is gone"),
        ("entity.sensor.a.state.on", "{count} on"),
        ("config.step.User.title", "Sites"),
    ],
)
def test_a_text_that_is_not_plain_is_seen(path: str, text: str) -> None:
    assert list(not_plain(path, text))


def test_a_gap_is_seen_on_either_side() -> None:
    module = Module("config_flow.py", 'raise SetupError("a")\nself.async_abort(reason=f"b_{x}")')
    wanted = set(usage.spelled_out(module))
    texts = {"config": {"error": {"a": "A"}, "abort": {"b_1": "B"}}}
    found = asked_for(texts)
    assert (unmet(wanted, found), unused(wanted, found)) == ([], [])
    assert unmet(wanted, found - {"config.error.a"}) == ["config.error.a"]
    assert unused(wanted, found | {"config.abort.c"}) == ["config.abort.c"]
    assert list(undescribed({"user": {"data": {"host": "Host"}}})) == ["user"]
    assert list(undescribed({"user": {"sections": {"more": {"data": {"x": "X"}}}}}))


def test_what_an_exception_is_given_is_read() -> None:
    module = Module(
        "lock.py",
        'raise Error(translation_domain=D, translation_key="a", translation_placeholders={"b": c})\n'
        'raise Error(translation_domain=D, translation_key=f"d_{e}")\n'
        'raise Error(translation_domain=D, translation_key="f", translation_placeholders=g)\n',
    )
    assert list(usage.raised(module)) == [("a", {"b"}), (r"d_\w+", set()), ("f", None)]
