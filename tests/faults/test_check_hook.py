"""Commits: the hook refuses what `lpe check` finds something in, and lets the rest through."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lpe_reports.cli.checks.project import looked_at
from lpe_reports.settings import Project
from notebook_cells import NAME

pytestmark = pytest.mark.promise(
    "authors", "A commit with outputs, or with what `lpe check` refuses, is refused"
)

POSIX = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell is not on this machine")


def hooks(root: Path, name: str) -> list[Mapping[str, Any]]:
    """The hooks of one of the two files."""
    found: Any = YAML(typ="safe", pure=True).load((root / name).read_text(encoding="utf-8"))
    return (
        [hook for repo in found["repos"] for hook in repo["hooks"]] if "repos" in found else found
    )


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Path:
    """A clone's files under git, with an environment in `.venv` that is not activated."""
    for name in ("_quarto.yml", ".pre-commit-config.yaml"):
        shutil.copy(root / name, tmp_path)
    for name in ("params", "reports"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / ".ci").mkdir()
    shutil.copy(root / ".ci" / "in-venv", tmp_path / ".ci")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    lpe = tmp_path / ".venv" / "bin" / "lpe"
    code = "from lpe_reports.cli import main; main()"
    text = f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n'
    lpe.write_text(text, encoding="utf-8")
    lpe.chmod(0o755)
    (tmp_path / ".gitignore").write_text("/.venv/\n/build/\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.email", "a@example.invalid")
    git(tmp_path, "config", "user.name", "A")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--no-verify", "-m", "all")
    return tmp_path


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of git's, as in a shell where nothing of the project is active."""
    here = str(Path(sys.executable).parent)
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if p != here)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "VIRTUAL_ENV"))}
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**kept, "PATH": path, "HOME": str(folder), "PRE_COMMIT_HOME": str(folder / "build")},
    )  # fmt: skip


def with_output(folder: Path) -> Path:
    """Store a notebook with an output and its execution's number."""
    path = folder / NAME
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cells"][2] |= {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
        "execution_count": 1,
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def install(clone: Path, root: Path) -> None:
    """pre-commit where it is; else what it does of our hook, by git alone."""
    found = [shutil.which("pre-commit"), *root.glob(".venv/jupyter/*/pre-commit*")]
    if program := next(filter(None, found), None):
        subprocess.run([str(program), "install"], cwd=clone, check=True, capture_output=True)
        return
    (hook,) = [one for one in hooks(root, ".pre-commit-config.yaml") if one["id"] == "lpe-check"]
    script = clone / ".git" / "hooks" / "pre-commit"
    names = "git diff --cached --name-only --diff-filter=ACMRT"
    script.write_text(
        f"#!/bin/sh\nfiles=$({names} | grep -E '{hook['files']}') || exit 0\n"
        f"exec {hook['entry']} $files\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


@POSIX
def test_commit_with_outputs_is_refused_and_one_without_let_through(
    clone: Path, root: Path
) -> None:
    """The message says what to do; done, the same commit goes through."""
    install(clone, root)
    with_output(clone)
    git(clone, "add", NAME)

    refused = git(clone, "commit", "-m", "with outputs")
    told = refused.stdout + refused.stderr
    assert refused.returncode != 0
    assert f"{NAME}, cell 3: it holds outputs" in told
    assert "lpe check --fix" in told

    fixed = subprocess.run(
        [".ci/in-venv", "lpe", "check", "--fix", NAME], cwd=clone, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert fixed.returncode == 0, fixed.stderr
    git(clone, "add", NAME)
    (clone / "README.md").write_text("x\n", encoding="utf-8")
    git(clone, "add", "README.md")
    passed = git(clone, "commit", "-m", "without")

    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "without" in git(clone, "log", "--oneline", "-1").stdout


@POSIX
def test_launcher_says_where_it_looked(tmp_path: Path, root: Path) -> None:
    """Neither `.venv` nor PATH has the program: a sentence, and not a shell's own words."""
    told = subprocess.run(
        [root / ".ci" / "in-venv", "no-such-program"], cwd=tmp_path, capture_output=True, text=True,
        timeout=30, check=False,
    )  # fmt: skip

    assert told.returncode == 2
    assert "no no-such-program here" in told.stderr


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".pre-commit-hooks.yaml"])
def test_hook_is_given_what_check_looks_at(root: Path, name: str) -> None:
    """Every notebook, params file and picture; never in several calls at once."""
    (hook,) = [one for one in hooks(root, name) if one["id"] == "lpe-check"]
    pattern = re.compile(hook["files"])
    project = Project(root)
    seen = [
        project.root / "_quarto.yml",
        *project.params.rglob("*.yml"),
        *project.reports.rglob("*.ipynb"),
    ]

    assert hook["require_serial"] is True
    assert all(pattern.search(project.relative(path)) for path in seen)
    assert len(looked_at(project, seen)) == len(seen)
    assert not pattern.search("src/lpe_reports/page.py")
    assert not pattern.search("docs/pictures/weekly.png")
