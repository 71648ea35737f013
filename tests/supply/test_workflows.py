"""The workflows: nothing in them that an attacker could use, and each step runs by hand, too."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.promise(
    "supply", "The workflows give an attacker nothing, and run what also runs by hand"
)


@pytest.mark.audit
def test_zizmor_finds_nothing(root: Path) -> None:
    """With its pedantic persona, and without any exception."""
    folder = root / ".venv" / "audit"
    program = folder / ("Scripts/zizmor.exe" if sys.platform == "win32" else "bin/zizmor")
    done = subprocess.run(
        [program, "--quiet", "--offline", "--persona", "pedantic", "--strict-collection", "."],
        cwd=root, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    for path in (root / ".github").rglob("*.yml"):
        assert "zizmor:" not in path.read_text(encoding="utf-8")


def test_workflows_only_make_what_the_makefile_has(root: Path) -> None:
    """A target that was renamed is found before a push finds it."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    for path in (root / ".github" / "workflows").glob("*.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            made = re.search(r"run: make ([a-z-]+)", line)

            assert made is None or made[1] in targets, f"{path.name}: {line.strip()}"


def test_locks_name_no_index(root: Path) -> None:
    """They hold behind a region's own mirror, too, and every file is known by its digest."""
    for path in [*root.glob("requirements*.lock"), *(root / ".ci").glob("*.lock")]:
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"://|--index|--extra-index|--find-links| @ ", text), path.name
        for entry in re.split(r"\n(?=[a-z])", text):
            assert "--hash=sha256:" in entry, f"{path.name}: {entry[:40]}"
