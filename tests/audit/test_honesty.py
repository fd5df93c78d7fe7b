"""No unexplained exception, nothing left for later, nothing of one machine, no secret."""

from collections.abc import Iterable, Iterator
import io
import re
import tokenize

import pytest

from .sources import ROOT, Module, files, modules

#: This folder holds the bad samples.
HERE = "tests/audit/"

EXCEPTION = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma:\s*no|fmt:\s*(?:off|skip)|mypy:)")
EXPLAINED = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*"
    r"|pragma:\s*no (?:cover|branch)|fmt:\s*(?:off|skip)|mypy:\s*[\w=-]+)\s+[#–-]\s*\S+\s+\S+"
)
LATER = re.compile(
    r"\b(?:(?<!Platform\.)TODO|FIXME|XXX|HACK|NotImplementedError)\b|\bfor now\b(?!,? only)"
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:root|home|Users|tmp|opt|mnt)/")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{20}|\bAKIA[0-9A-Z]{16}"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"
)
URL = re.compile(r"(?:https?|wss?)://(?:[^/\s@]*@)?(?P<host>\[[^\]\s]*\]|[^/:?#\s\"'`>)\],;|]*)")
#: Hosts that the repository may name, each a page that a person reads or a namespace.
HOSTS = (
    "apache.org",
    "enlightedinc.com",
    "github.com",
    "githubusercontent.com",
    "hacs.xyz",
    "home-assistant.io",
    "lrsus.com",
    "paxton-access.com",
    "videoexpertsgroup.com",
    "json.schemastore.org",
    "w3.org",
)
#: Hosts that nobody owns (RFC 2606, RFC 6761), for tests and examples.
NOBODYS = ("example", "invalid", "localhost", "test", "local", "lan", "example.com", "example.org")
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|192\.0\.2\.\d+")


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text file but this folder's."""
    for path in files():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data and not path.startswith(HERE):
            yield path, data.decode()


def lines_with(pattern: re.Pattern[str], found_in: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lines that a pattern is found in."""
    return [
        f"{path}:{number} {line.strip()}"
        for path, text in found_in
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def unexplained(module: Module) -> Iterator[str]:
    """Yield comments that silence a check and do not say why."""
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        text = token.string
        if token.type != tokenize.COMMENT or not EXCEPTION.search(text):
            continue
        if not EXPLAINED.search(text):
            yield f"{module.path}:{token.start[0]} {text}"


def strangers(path: str, text: str) -> Iterator[str]:
    """Yield addresses of hosts that the repository has no business with."""
    for found in URL.finditer(text):
        host = found["host"]
        # A placeholder is filled in elsewhere; a name without a dot is nobody's.
        if "." not in host.strip("[]") or re.search(r"[{$<%]", host):
            continue
        if LOOPBACK.fullmatch(host):
            continue
        if not any(f".{host}".endswith(f".{known}") for known in (*HOSTS, *NOBODYS)):
            yield f"{path} {found[0]}"


def test_what_silences_a_check_says_why() -> None:
    every = modules("")
    assert len(every) > 20
    assert [found for module in every for found in unexplained(module)] == []


def test_nothing_is_left_for_later() -> None:
    assert lines_with(LATER, texts()) == []


def test_nothing_belongs_to_one_machine() -> None:
    assert lines_with(MACHINE, texts()) == []


def test_no_secret_is_committed() -> None:
    assert lines_with(SECRET, texts()) == []


def test_only_known_hosts_are_named() -> None:
    assert [found for path, text in texts() for found in strangers(path, text)] == []


def test_what_is_started_by_hand_can_be_started() -> None:
    scripts = [
        ROOT / path
        for path in files()
        if path.startswith((".ci/", "script/")) and (ROOT / path).read_bytes().startswith(b"#!")
    ]
    assert scripts
    assert [script.name for script in scripts if not script.stat().st_mode & 0o111] == []


@pytest.mark.parametrize(
    "comment",
    [
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# type: ignore[arg-type]  # mistyped",
        "# noqa",
        "# noqa: S105",
        "# noqa  # no code is named",
        "# pragma: no cover",
        "# fmt: off",
    ],
)
def test_an_unexplained_exception_is_seen(comment: str) -> None:
    assert list(unexplained(Module("a.py", f"x = 1  {comment}\n")))


@pytest.mark.parametrize(
    "comment",
    [
        "# type: ignore[arg-type]  # the stub lacks None",
        "# noqa: S105, S106  # the field's name, no secret",
        "# pragma: no cover  # only run by hand",
    ],
)
def test_an_explained_exception_passes(comment: str) -> None:
    assert not list(unexplained(Module("a.py", f"x = 1  {comment}\n")))
    assert not list(unexplained(Module("a.py", 'x = "# noqa"\n')))


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (LATER, "# TODO: the rest"),
        (LATER, "raise NotImplementedError"),
        (LATER, "# good enough for now"),
        (MACHINE, "cd /home/somebody/gatehouse"),
        (MACHINE, 'open("/tmp/x")'),
        (SECRET, "-----BEGIN RSA PRIVATE KEY-----"),
        (SECRET, "token = eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.x"),
    ],
)
def test_a_bad_line_is_seen(pattern: re.Pattern[str], line: str) -> None:
    assert lines_with(pattern, [("a.py", f"\n{line}\n")]) == [f"a.py:2 {line}"]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://github.com/gatehouse-integration/gatehouse/issues", True),
        ("https://www.home-assistant.io/docs", True),
        ("https://127.0.0.1:8443/api/v1", True),
        ("https://net2.example.lan:8443", True),
        ("http://{host}:{port}/", True),
        ("https://registry.packages.io/simple", False),
        ("https://github.com.evil.io/", False),
        ("wss://10.1.2.3/signalr", False),
    ],
)
def test_a_stranger_is_told_from_a_known_host(url: str, known: bool) -> None:
    assert bool(list(strangers("a.md", f"see {url}."))) != known
