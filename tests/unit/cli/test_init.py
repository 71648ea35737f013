"""`lpe init`: a project that works, in an empty folder and nowhere else."""

import re
from pathlib import Path

import pytest

from command_line import lpe
from lpe_reports.cli.application import app
from lpe_reports.cli.starting import quarto_files
from lpe_reports.params.reading import read_yaml
from lpe_reports.params.site import load_site
from lpe_reports.render.website import load_website
from lpe_reports.settings import Project, find_project
from lpe_reports.starter import starter_folder

pytestmark = pytest.mark.promise(
    "authors", "`lpe init` makes a project that works, in an empty folder and nowhere else"
)

HARD = "Kö & plan: Nörr #1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a folder with a space and å in its name."""
    folder = tmp_path_factory.mktemp("nya prov på")
    told = lpe(folder, "init", "rapporter för å", "--office", HARD)
    assert told.returncode == 0, told.stderr
    return folder / "rapporter för å"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_init_makes_a_project_that_check_passes(made: Path) -> None:
    """Nothing has to be done before `lpe check` is content, and the project is found."""
    told = lpe(made, "check")

    assert told.returncode == 0, told.stderr
    assert "in order" in told.stdout
    assert find_project(made / "reports").root == made.resolve()


def test_init_brings_all_that_lies_in_the_checkout(made: Path, git_files: list[Path]) -> None:
    """Each params file, notebook and picture under version control, and no leftover of anybody."""
    root = starter_folder()
    wanted = {
        name
        for path in git_files
        if path.is_file()
        and (name := path.relative_to(root).as_posix()).startswith(("params/", "reports/"))
    }
    made_of_it = {name for name in files_of(made) if name.startswith(("params/", "reports/"))}

    assert made_of_it == wanted


def test_init_writes_files_as_every_system_reads_them(made: Path) -> None:
    """UTF-8 and line ends of one kind; a clone on another system then shows no change."""
    texts = {n: d for n, d in files_of(made).items() if not n.startswith("_extensions/")}

    for name, data in texts.items():
        assert data.decode("utf-8"), name
        assert b"\r" not in data, name
        assert data.endswith(b"\n"), name


def test_init_names_the_office_whatever_signs_it_has(made: Path) -> None:
    """In the header, in the words about the site, in the title of `_quarto.yml`, in the README."""
    site = load_site(made / "params" / "site.yml", made)

    assert site.office == HARD
    assert site.about.startswith(f"Här visar {HARD} ")
    assert load_website(made / "_quarto.yml", made).title == f"{HARD} rapporter"
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {HARD} rapporter\n")
    assert not re.search(r"\{[a-z_]+\}", readme)


def test_quarto_finds_each_file_that_the_description_names(made: Path) -> None:
    """All paths lead into the project, and the copy is the package's."""
    named = re.findall(r"\S*lpe_reports/\S+", (made / "_quarto.yml").read_text(encoding="utf-8"))

    assert len(named) > 5
    for name in named:
        assert (made / name).exists(), name
    assert quarto_files.differing(Project(made)) == []


def test_readme_tells_of_commands_that_there_are(made: Path) -> None:
    """Every `lpe …` in the README is a command of this version."""
    readme = (made / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"(?:`|^    )lpe ([a-z]+)", readme, re.MULTILINE))
    known = {command.name for command in app.registered_commands}

    assert {"demo", "nightly", "preview", "new", "check", "docs"} <= told
    assert told <= known


def test_init_without_reports_awaits_the_first(tmp_path: Path) -> None:
    """`lpe check` says what makes one; with it, all is in order."""
    assert lpe(tmp_path, "init", "--reports", "none").returncode == 0
    assert list((tmp_path / "params" / "reports").iterdir()) == []
    assert not (tmp_path / "params" / "packs.yml").exists()
    before = lpe(tmp_path, "check")
    assert before.returncode == 9
    assert "`lpe new`" in before.stderr

    new = ["--title", "Vår", "--question", "Hur?", "--area", "nyttjande", "--units", "vo"]
    assert lpe(tmp_path, "new", *new, "--periods", "month").returncode == 0
    assert lpe(tmp_path, "check").returncode == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [("plain", "plain"), ("vår", "vår"), ("a b", "'a b'"), ('a"b', "'a\"b'"), ("$x", "'$x'")],
)
def test_init_says_where_to_go_as_a_shell_takes_it(tmp_path: Path, name: str, shown: str) -> None:
    """Whatever the folder is called, the line can be copied."""
    told = lpe(tmp_path, "init", name, "--reports", "none")

    assert f"  cd {shown}\n" in told.stdout


def test_git_sees_nothing_of_what_a_killed_call_left(made: Path, root: Path) -> None:
    """In a new project as in the checkout."""
    for folder in (made, root):
        assert ".*.new" in (folder / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_init_refuses_a_folder_that_holds_anything(tmp_path: Path) -> None:
    """It names what lies there and changes nothing."""
    (tmp_path / "budget.xlsx").write_bytes(b"ours")
    (tmp_path / ".git").mkdir()

    told = lpe(tmp_path, "init")

    assert told.returncode == 2
    assert "it holds budget.xlsx." in told.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"budget.xlsx", ".git"}


def test_init_goes_beside_what_a_project_folder_begins_with(tmp_path: Path) -> None:
    """An environment and a repository may be there already; they stay as they are."""
    for name in (".git", ".venv"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kept").write_bytes(b"ours")

    assert lpe(tmp_path, "init").returncode == 0
    assert (tmp_path / ".venv" / "kept").read_bytes() == b"ours"
    assert (tmp_path / ".git" / "kept").read_bytes() == b"ours"


def test_init_refuses_a_project_and_a_file(tmp_path: Path) -> None:
    """Called twice it says that there is a project; named a file, that it is one."""
    assert lpe(tmp_path, "init", "one").returncode == 0
    before = files_of(tmp_path)

    again = lpe(tmp_path, "init", "one")
    assert again.returncode == 2
    assert "there is a project here already" in again.stderr
    file = lpe(tmp_path, "init", "one/README.md")
    assert file.returncode == 2
    assert "README.md is a file" in file.stderr
    assert files_of(tmp_path) == before


def test_an_office_that_no_params_file_can_hold_is_refused(tmp_path: Path) -> None:
    """And no folder is left behind."""
    told = lpe(tmp_path, "init", "new", "--office", "x" * 61)

    assert told.returncode == 2
    assert "site.yml" in told.stderr
    assert not (tmp_path / "new").exists()


def test_copy_for_quarto_is_kept_equal_to_the_package(tmp_path: Path) -> None:
    """What was changed, lost or put there is named, and renewed; nothing else is touched."""
    lpe(tmp_path, "init")
    copy, project = tmp_path / quarto_files.FOLDER, Project(tmp_path)
    before = files_of(tmp_path)
    css, page = "render/assets/site.css", "render/assets/page.html"
    (copy / css).write_bytes(b"older")
    (copy / page).unlink()
    (copy / "render" / "assets" / "gone.lua").write_bytes(b"of an older version")

    assert quarto_files.differing(project) == ["render/assets/gone.lua", page, css]
    quarto_files.keep_equal(project)
    assert files_of(tmp_path) == before


def test_a_checkout_has_no_copy_for_quarto(root: Path) -> None:
    """Its `_quarto.yml` names the package's own files."""
    assert quarto_files.differing(Project(root)) == []
    assert not (root / "_extensions").exists()


def test_hook_of_a_new_project_looks_at_what_check_looks_at(made: Path) -> None:
    """Params, notebooks and their pictures, `_quarto.yml`; and no other file."""
    (hook,) = read_yaml(made / ".pre-commit-config.yaml", made)["repos"][0]["hooks"]
    pattern = re.compile(hook["files"])

    assert all(
        pattern.search(name)
        for name in files_of(made)
        if name.startswith(("params/", "reports/")) or name == "_quarto.yml"
    )
    assert not pattern.search("README.md")
