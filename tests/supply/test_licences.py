"""Licences of what a night needs: all are listed, and none that nobody has looked at."""

import re
import shutil
from pathlib import Path

import pytest

from supply_chain import SUPPLY, Run, pins_of

pytestmark = pytest.mark.promise("supply", "No licence comes in that nobody has looked at")


@pytest.fixture
def files(tmp_path: Path, root: Path) -> dict[str, Path]:
    """Copies of the lock, the page and what is known, to change."""
    made = {"lock": "requirements.lock", "page": "docs/licences.md"}
    for name in made.values():
        shutil.copy(root / name, tmp_path)
    shutil.copy(SUPPLY / "licences.toml", tmp_path)
    return {
        "lock": tmp_path / "requirements.lock",
        "page": tmp_path / "licences.md",
        "known": tmp_path / "licences.toml",
    }


def _check(run: Run, files: dict[str, Path]) -> tuple[int, str]:
    options = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    done = run("licences.py", "--check", *options)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_page_of_licences_is_current(run: Run, root: Path) -> None:
    """Its packages are the lock's, each with the licence that it has now; `make licences`."""
    done = run("licences.py", "--check")

    assert done.returncode == 0, done.stderr
    page = (root / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| (\S+) \| (\d\S*) \|", page, re.MULTILINE))
    assert listed == pins_of(root / "requirements.lock").keys()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("lock", "tzdata==2026.6", "tzdata==2026.7", "tzdata 2026.7 is not listed"),
        ("lock", "tzdata==2026.6", "unheard-of==1", "unheard-of 1 is not listed"),
        ("lock", "tzdata==2026.6", "unheard-of==1", "tzdata 2026.6 is listed and not locked"),
        ("page", "| pandas | 3.1.1 | BSD-3-Clause |", "| pandas | 3.1.1 | MIT |", "pandas 3.1.1"),
        ("page", "# Licences", "# Licenses", "its text is another"),
        ("known", '  "MIT",\n', "", "MIT is not accepted"),
        ("known", '"GPL-2.0-or-later" =', '"GPL-2.0-only" =', "Pandoc, the program: GPL-2.0-or"),
        ("known", 'said = "Dual License"', 'said = "BSD"', "judge it anew"),
        ("known", "[package.jinja2]", "[package.jinja]", "jinja2 3.1.6: 'BSD License' is no lic"),
        ("known", 'package = "pyzmq"', 'package = "zmq"', "zmq is not locked any more"),
    ],
)
def test_what_is_not_as_it_was_is_told(
    run: Run, files: dict[str, Path], name: str, old: str, new: str, words: str
) -> None:
    """A package that came, went or changed, in the lock or in its licence."""
    text = files[name].read_text(encoding="utf-8")
    assert old in text
    files[name].write_text(text.replace(old, new), encoding="utf-8")
    code, said = _check(run, files)

    assert code == 1
    assert words in said


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR ISC)", True),
        ("(MIT OR GPL-3.0-only) AND GPL-3.0-only", False),
        ("GPL-3.0-only WITH GCC-exception-3.1", True),
        ("GPL-3.0-only WITH other-exception", False),
        ("MIT OR GPL-3.0-only AND GPL-3.0-only", True),
        ("MIT AND", None),
        ("(MIT", None),
        ("MIT ISC", None),
        ("", None),
        ("MIT;", None),
    ],
)
def test_expression_is_accepted_by_its_parts(
    monkeypatch: pytest.MonkeyPatch, expression: str, fits: bool | None
) -> None:
    """All of AND, one of OR; an exception belongs to its licence; else it is none."""
    monkeypatch.syspath_prepend(str(SUPPLY))
    from licences import is_accepted  # type: ignore[import-not-found]

    accepted = {"MIT", "ISC", "GPL-3.0-only WITH GCC-exception-3.1"}
    if fits is None:
        with pytest.raises(ValueError):
            is_accepted(expression, accepted)
    else:
        assert is_accepted(expression, accepted) is fits
