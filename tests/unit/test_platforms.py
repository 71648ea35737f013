"""What has to hold for the project to work on Windows and macOS, as far as the code shows it."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from lpe_reports import system

pytestmark = pytest.mark.promise(
    "authors",
    "The code opens no file, takes no name and imports no module that another system lacks",
)

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "lpe_reports"
# Modules that Windows does not have, and where they may be imported while a module is.
_NOT_ON_WINDOWS = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog", "posix"}
# Imported in a forked process alone.
_LINUX_ONLY = {"build/forking/child.py", "cli/live/inside.py"}
_PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in "123456789"}
_RESERVED = {"con", "prn", "aux", "nul"} | _PORTS
_NO_NAME = set('<>:"\\|?*')
# Beside it there has to be room for the project's own folder, in the 260 signs of a path.
_LONGEST = 120


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_nothing_that_windows_lacks_is_imported_with_a_module() -> None:
    """Only within a function that is called where it is there, or behind the platform's name."""
    wrong = []
    for name, tree in modules():
        for node in tree.body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names.append(node.module or "")
            if name not in _LINUX_ONLY and _NOT_ON_WINDOWS & {n.partition(".")[0] for n in names}:
                wrong.append(f"{name}:{node.lineno}")

    assert wrong == []


def test_every_text_file_is_opened_with_its_encoding() -> None:
    """Windows would take its code page: no arrow could be written, and an å be read as two."""
    wrong = [f"{name}:{call.lineno}" for name, tree in modules() for call in unsaid(tree)]

    assert wrong == []


def unsaid(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that open a text and leave its encoding to the system."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        named = {keyword.arg for keyword in call.keywords}
        given = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
        texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        binary = any("b" in mode and set(mode) <= set("rwxab+") for mode in texts)
        match call.func:
            case ast.Attribute(attr="read_text"):
                asks = not call.args
            case ast.Attribute(attr="write_text"):
                asks = len(call.args) == 1
            case ast.Name(id="open") | ast.Attribute(attr="fdopen"):
                asks = not binary
            case ast.Attribute(attr="open", value=ast.Name(id=owner)):
                asks = owner not in ("os", "page", "archive", "webbrowser") and not binary
            case ast.Attribute(attr="run" | "Popen" | "check_output"):
                asks = bool(named & {"text", "universal_newlines"})
            case ast.Attribute(attr="NamedTemporaryFile" | "TemporaryFile"):
                asks = bool(texts) and not binary
            case _:
                asks = False
        # (The document is given for read_text of the gate, which is no file's.)
        if asks and "encoding" not in named and not _is_ours(call):
            yield call


def _is_ours(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("read_text", "write_text")


@pytest.mark.parametrize(
    "call",
    [
        "path.read_text()",
        "path.write_text('x')",
        "open('a')",
        "path.open()",
        "path.open('w')",
        "subprocess.run([], text=True)",
        "os.fdopen(1, 'w')",
    ],
)
def test_a_call_that_leaves_the_encoding_open_is_found(call: str) -> None:
    """So that the test before can fail."""
    assert len(list(unsaid(ast.parse(call)))) == 1


def test_every_file_of_the_project_can_have_its_name_on_windows() -> None:
    """No sign that it refuses, no name of a device, no two that differ by case, none too long."""
    told = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"],
        capture_output=True, timeout=60, check=False, encoding="utf-8",
    )  # fmt: skip
    if told.returncode or not told.stdout:
        pytest.skip("this is no checkout of git")
    names = told.stdout.rstrip("\0").split("\0")
    parts = [(name, part) for name in names for part in name.split("/")]
    wrong = [name for name, part in parts if _NO_NAME & set(part) or part.endswith((".", " "))]
    wrong += [name for name, part in parts if part.partition(".")[0].lower() in _RESERVED]

    assert wrong == []
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) <= _LONGEST


def held_for(times: int) -> Callable[..., None]:
    """A deed that Windows refuses so many times, since some program holds the file."""
    left = [times]

    def refuse(*_: object) -> None:
        if left[0]:
            left[0] -= 1
            error = PermissionError(13, "Permission denied")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error

    return refuse


def test_a_file_that_is_held_for_a_moment_is_waited_for() -> None:
    """A virus scanner looks at what is new: twice refused, it is done the third time."""
    system._patiently(held_for(2))


def test_a_file_that_stays_held_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some seconds, and in words that the operator can do something about."""
    waited: list[float] = []
    monkeypatch.setattr(system.time, "sleep", waited.append)

    with pytest.raises(PermissionError) as error:
        system._patiently(held_for(100))

    assert 2 < sum(waited) < 10
    assert system.why(error.value) == "Permission denied; another program has it open, close that"


def test_any_other_refusal_is_told_at_once(tmp_path: Path) -> None:
    """Nobody waits for a right that is missing, or for a file that is not there."""
    assert not system.is_held(PermissionError(13, "Permission denied"))
    with pytest.raises(FileNotFoundError):
        system.move(tmp_path / "none", tmp_path / "other")


def test_a_file_takes_anothers_place_and_a_folder_does_not(tmp_path: Path) -> None:
    """As `os.replace` for files; a folder that is there is never mixed with another."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        (tmp_path / f"folder-{name}").mkdir()
        (tmp_path / f"folder-{name}" / name).write_text(name, encoding="utf-8")

    system.move(tmp_path / "a", tmp_path / "b")

    assert (tmp_path / "b").read_text("utf-8") == "a"
    with pytest.raises(OSError, match=r"not empty|exists"):
        system.move(tmp_path / "folder-a", tmp_path / "folder-b")


def test_the_makefile_checks_types_for_every_system() -> None:
    """What mypy finds for Windows and macOS alone is found here, too."""
    told = (ROOT / "Makefile").read_text("utf-8")

    assert all(f"--platform {name}" in told for name in ("win32", "darwin"))


@pytest.mark.skipif(not system.POSIX, reason="Windows has no such rights")
def test_posix_systems_keep_their_rights(tmp_path: Path) -> None:
    """What others are linked to is read-only where that harms nothing."""
    file = tmp_path / "file"
    file.write_bytes(b"")
    system.write_protect(file)

    assert file.stat().st_mode & 0o777 == 0o444
    assert system.made_with(0o600) == 0o600
