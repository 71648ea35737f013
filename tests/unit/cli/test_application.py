"""The command line: quick to answer, one clear message per error, its own exit code each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lpe_reports.cli import run
from lpe_reports.cli.application import app

pytestmark = pytest.mark.promise(
    "authors", "A wrong command is one clear sentence with an exit code, and never a traceback"
)

COMMANDS = [
    "demo",
    "extract",
    "check",
    "plan",
    "build",
    "nightly",
    "publish",
    "versions",
    "diff",
    "rollback",
    "preview",
    "prune",
    "new",
]
# A command that asks for a page before it looks for a project.
OF_A_PAGE = ["retract"]
# Commands that need no project.
ANYWHERE = ["init", "docs"]


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this project's params in a folder of its own, without reports or data."""
    shutil.copytree(root / "params", tmp_path / "params")
    shutil.copy(root / "_quarto.yml", tmp_path)
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LPE_DEBUG", raising=False)
    return tmp_path


def test_help_loads_nothing_heavy() -> None:
    """`lpe --help` must answer at once: no pandas, no papermill, no Jupyter on the way to it."""
    code = (
        "import sys\nfrom lpe_reports.cli import run\nrun(['--help'])\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'papermill', 'nbformat', 'duckdb', 'altair', "
        "'pydantic', 'rich'}\nassert not heavy & sys.modules.keys(), heavy & sys.modules.keys()"
    )

    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """All commands of this version, and no others."""
    assert run(["--help"]) == 0

    said = capsys.readouterr().out
    assert {command.name for command in app.registered_commands} == {
        *COMMANDS,
        *OF_A_PAGE,
        *ANYWHERE,
    }
    assert all(f"\n  {command}" in said for command in (*COMMANDS, *OF_A_PAGE, *ANYWHERE))


@pytest.mark.parametrize("command", COMMANDS)
def test_outside_a_project_each_command_says_so(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2 and one line that tells where to go."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LPE_PROJECT", raising=False)

    assert run([command]) == 2

    said = capsys.readouterr()
    assert said.err.startswith("lpe: no project here")
    assert said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nope"], "No such command 'nope'"),
        (["plan", "--nope"], "No such option: --nope"),
        (
            ["extract", "--as-of", "2026-13-01"],
            "'2026-13-01' is not a day; write it like 2026-05-11",
        ),
        (["demo", "--years", "0"], "Invalid value for '--years'"),
        (["build", "--executor", "ray:x"], "there is no executor 'ray:x'"),
        (["build", "--executor", "dask:"], "there is no executor 'dask:'"),
        (["nightly", "--executor", "dask:tcp://x:1", "--jobs", "2"], "--jobs is for"),
    ],
)
def test_wrong_use_is_told(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, what is wrong, and no traceback."""
    assert run(arguments) == 2

    said = capsys.readouterr().err
    assert problem in said
    assert "Traceback" not in said


def test_a_fault_of_ours_tells_its_class_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its text could hold data, so only LPE_DEBUG=1 shows it."""

    def fail() -> None:
        raise ValueError("19121212-1212")

    monkeypatch.setattr("lpe_reports.cli.versions.find_project", fail)

    assert run(["versions"]) == 1

    assert capsys.readouterr().err == (
        "lpe: a fault of ours (ValueError); LPE_DEBUG=1 shows where\n"
    )
    monkeypatch.setenv("LPE_DEBUG", "1")
    with pytest.raises(ValueError, match="19121212-1212"):
        run(["versions"])


def test_check_tells_everything_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three files with a mistake each: three lines with file and line, exit code 9."""
    (project / "params" / "site.yml").write_text("office:\tX\n")
    (project / "params" / "glossary.yml").write_text("nope: 1\n")
    for path in (project / "params" / "reports").glob("*.yml"):
        path.unlink()
    (project / "params" / "reports" / "x.yml").write_text("notebook: reports/x.ipynb\nunits: no\n")

    assert run(["check"]) == 9

    said = capsys.readouterr().err
    for place in ("params/site.yml:1:", "params/glossary.yml:1:", "params/reports/x.yml:"):
        assert f"\n  {place}" in said


def test_nothing_published_is_no_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`lpe versions` and `--json` before the first night."""
    assert run(["versions"]) == 0
    assert "nothing has been published yet" in capsys.readouterr().out
    assert run(["versions", "--json"]) == 0
    assert capsys.readouterr().out == '{"latest": null, "versions": []}\n'


def test_publishing_without_a_candidate_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 4 and what to do."""
    assert run(["publish"]) == 4
    assert "`lpe build` makes one" in capsys.readouterr().err


def test_previewing_nothing_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 instead of a server of an empty folder."""
    assert run(["preview"]) == 2
    assert "there is nothing to serve in public; `lpe nightly` publishes" in capsys.readouterr().err
