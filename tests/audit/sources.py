"""The repository's files as the audits see them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
import subprocess
from typing import Self

ROOT = Path(__file__).parents[2]
INTEGRATION = "custom_components/gatehouse"


@cache
def files() -> tuple[str, ...]:
    """Return every file that is or could be committed, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(sorted(name for name in set(listed.split("\0")) if (ROOT / name).is_file()))


@dataclass(frozen=True)
class Module:
    """A Python file: `path` is relative to the root."""

    path: str
    text: str

    @classmethod
    def read(cls, path: str) -> Self:
        """Read a file of the repository."""
        return cls(path, (ROOT / path).read_text("utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        """The dotted name that imports know it by."""
        return ".".join(PurePosixPath(self.path).with_suffix("").parts).removesuffix(".__init__")

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield line and absolute dotted name of everything imported."""
        package = self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package.split(".")[: 1 - node.level or None] if node.level else []
                base += [node.module] if node.module else []
                yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)


def is_python(path: str) -> bool:
    """Tell Python by its suffix or by its first line."""
    if path.endswith(".py"):
        return True
    with (ROOT / path).open("rb") as file:
        return not PurePosixPath(path).suffix and b"python" in file.readline()[:60]


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python files below some folders."""
    return tuple(
        Module.read(path) for path in files() if path.startswith(folders) and is_python(path)
    )
