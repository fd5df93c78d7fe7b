"""The ledger of Home Assistant's quality scale: every rule once, every exemption with a reason."""

from collections.abc import Mapping
from typing import cast

import pytest
import yaml

from .sources import INTEGRATION, ROOT

RULES = frozenset(
    """
    action-setup appropriate-polling brands common-modules config-flow config-flow-test-coverage
    dependency-transparency docs-actions docs-triggers docs-conditions docs-high-level-description
    docs-installation-instructions docs-removal-instructions entity-event-setup entity-unique-id
    has-entity-name runtime-data test-before-configure test-before-setup unique-config-entry

    action-exceptions config-entry-unloading docs-configuration-parameters
    docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
    parallel-updates reauthentication-flow test-coverage

    devices diagnostics discovery discovery-update-info docs-data-update docs-examples
    docs-known-limitations docs-supported-devices docs-supported-functions docs-troubleshooting
    docs-use-cases dynamic-devices entity-category entity-device-class entity-disabled-by-default
    entity-translations exception-translations icon-translations reconfiguration-flow
    repair-issues stale-devices

    async-dependency inject-websession strict-typing
    """.split()  # noqa: SIM905  # rows of words are easier to compare with the scale's own list
)

type Ledger = Mapping[str, str | Mapping[str, str]]


def mistakes(ledger: Ledger) -> list[str]:
    """Return what is wrong with a ledger."""
    found = [f"{rule} is missing" for rule in sorted(RULES - ledger.keys())]
    found += [f"{rule} is no rule" for rule in sorted(ledger.keys() - RULES)]
    for rule, entry in ledger.items():
        status, comment = (entry, "") if isinstance(entry, str) else _read(entry)
        if status not in {"done", "todo", "exempt"}:
            found.append(f"{rule} is {status}")
        if status != "done" and len(comment.split()) < 4:
            found.append(f"{rule} is {status} without a reason")
    return found


def _read(entry: Mapping[str, str]) -> tuple[str, str]:
    return entry.get("status", ""), entry.get("comment", "")


def test_the_scale_has_54_rules() -> None:
    assert len(RULES) == 54


def test_every_rule_is_answered_once() -> None:
    text = (ROOT / INTEGRATION / "quality_scale.yaml").read_text()
    assert mistakes(cast(Ledger, yaml.safe_load(text)["rules"])) == []
    # YAML lets a key stand twice and takes the last.
    assert [rule for rule in RULES if text.count(f"\n  {rule}:") != 1] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"brands": "perhaps"},
        {"brands": "todo"},
        {"brands": {"status": "exempt", "comment": "no"}},
        {"brand": "done"},
    ],
)
def test_a_wrong_answer_is_seen(wrong: dict[str, str | dict[str, str]]) -> None:
    right = dict.fromkeys(RULES, "done")
    assert mistakes(right) == []
    assert mistakes({**right, **wrong})
    assert mistakes(wrong)
