"""Small modules, small functions: what outgrows these bounds is split by subject."""

import ast
from collections.abc import Iterator

from .sources import Module, modules

MODULE_LINES = 400
FUNCTION_LINES = 60


def oversized(module: Module) -> Iterator[str]:
    """Yield what is too long in a module, and the module itself."""
    if (lines := module.text.count("\n")) > MODULE_LINES:
        yield f"{module.path} has {lines} lines"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{module.path}:{node.lineno} {node.name} has {lines} lines"


def test_modules_and_functions_are_small() -> None:
    every = modules("custom_components", "simulators", "script")
    assert len(every) > 20
    assert [found for module in every for found in oversized(module)] == []


def test_a_long_module_is_seen() -> None:
    assert not list(oversized(Module("a.py", "x = 1\n" * MODULE_LINES)))
    assert list(oversized(Module("a.py", "x = 1\n" * (MODULE_LINES + 1))))


def test_a_long_function_is_seen() -> None:
    body = "    def inner():\n" + "        x = 1\n" * (FUNCTION_LINES - 1)
    assert not list(oversized(Module("a.py", f"class A:\n{body}")))
    assert list(oversized(Module("a.py", f"class A:\n{body}        x = 1\n")))
    assert list(
        oversized(Module("a.py", f"class A:\n{body}        x = 1\n".replace("def", "async def")))
    )
