"""`lpe new`: what it asks, what it refuses, what it writes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from command_line import Told, lpe
from lpe_reports.cli.starting import report_files
from lpe_reports.cli.starting.asking import settle
from lpe_reports.cli.starting.offered import offered
from lpe_reports.cli.starting.report_texts import PERIODS, params_text, quoted
from lpe_reports.cli.starting.subjects import KINDS
from lpe_reports.cli.starting.wish import Office, read_office
from lpe_reports.display.content import content_of
from lpe_reports.errors import UsageError
from lpe_reports.params.reading import read_model
from lpe_reports.params.reports import ReportFile
from lpe_reports.periods import PeriodKind
from lpe_reports.render.quarto.stripping import stripped
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "authors", "`lpe new` writes a report that works as it is, and nothing over what is there"
)

GIVEN = {
    "--title": "Operationer i länet",
    "--question": "Hur många opereras?",
    "--area": "nyttjande",
    "--units": "hu-cop,ga-cop",
    "--periods": "week",
}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project; nothing is written in it."""
    folder = tmp_path_factory.mktemp("fresh")
    assert lpe(folder, "init").returncode == 0
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one report; what a test writes in it, it takes away again."""
    folder = tmp_path_factory.mktemp("kept")
    assert lpe(folder, "init", "--reports", "none").returncode == 0
    assert new(folder, **{"--id": "first", "--title": "Den första"}).returncode == 0
    return folder


@pytest.fixture
def project(kept: Path) -> Iterator[Path]:
    """A project with one report, for one test."""
    before = names(kept)
    yield kept
    for name in names(kept) - before:
        (kept / name).unlink()


def new(root: Path, **given: str) -> Told:
    """Call it with the usual options, and others in place of some."""
    options = GIVEN | given
    return lpe(root, "new", *(word for option in options.items() for word in option))


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_new_writes_notebook_test_and_params(project: Path) -> None:
    """Named by the title where no id is given; it ends with what to do next."""
    before = names(project)

    told = new(project)

    assert told.returncode == 0, told.stderr
    assert names(project) - before == {
        "reports/utilisation/operationer_i_lanet.ipynb",
        "tests/test_operationer_i_lanet.py",
        "params/reports/operationer_i_lanet.yml",
    }
    for command in ("lpe preview operationer_i_lanet --unit hu-cop", "lpe check", "pytest tests/"):
        assert command in told.stdout
    checked = lpe(project, "check")
    assert checked.returncode == 0, checked.stderr
    assert "operationer_i_lanet" not in checked.stdout + checked.stderr


def test_new_notebook_is_laid_out_as_jupyter_does(project: Path) -> None:
    """Saving it in Jupyter, or rendering it with Quarto, changes no byte but the author's."""
    path = project / "reports" / "utilisation" / "first.ipynb"
    text = path.read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]

    assert stripped(text) == text
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert all(not cell.get("outputs") for cell in cells)


def test_new_test_is_laid_out_as_ruff_does(project: Path) -> None:
    """An office that has ruff look over its tests has nothing to mend."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--line-length", "100",
         str(project / "tests")],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "title", ["Kö: #1 'så' \"här\" \\ % & *", "no", "2026", "- en", "Åäö, med . på slut", "[x]"]
)
def test_new_keeps_a_title_of_any_signs(project: Path, title: str) -> None:
    """As it was given, in params and on top of the notebook."""
    told = new(project, **{"--title": title, "--id": "odd", "--slug": "odd"})
    assert told.returncode == 0, told.stderr

    path = project / "params" / "reports" / "odd.yml"
    assert read_model(path, ReportFile, project).title == title
    notebook = json.loads((project / "reports/utilisation/odd.ipynb").read_text("utf-8"))
    assert content_of(notebook["cells"], name="odd").front_matter["title"] == title


@pytest.mark.parametrize("title", ["null", "2026", "1e3", "0x1F", "2026-05-01", "No"])
def test_new_keeps_an_address_that_is_no_text_to_yaml(project: Path, title: str) -> None:
    """The address comes out of the title, and may look like a number, a day or nothing."""
    told = new(project, **{"--title": title, "--id": "odd"})
    assert told.returncode == 0, told.stderr

    report = read_model(project / "params" / "reports" / "odd.yml", ReportFile, project)
    assert (report.title, report.slug) == (title, title.lower())


def test_new_quotes_units_that_are_no_text_to_yaml(read: Office) -> None:
    """An office may call a unit what YAML takes for "false"."""
    given = {name.removeprefix("--"): text for name, text in GIVEN.items()}
    wish = settle(read, given, [given.pop("units")], None)

    text = params_text(replace(wish, subjects=replace(wish.subjects, ids=("no", "hu-cop"))))

    assert 'units: ["no", hu-cop]\n' in text


def test_new_names_the_params_file_as_it_would_have_been(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is sent to a file that is hidden, and gone."""
    monkeypatch.setattr(report_files, "params_text", lambda wish: "title: x\n")

    told = new(project)

    assert told.returncode == 2
    assert "params/reports/operationer_i_lanet.yml:" in told.stderr
    assert ".new" not in told.stderr


def test_new_clears_away_what_a_killed_call_left(project: Path) -> None:
    """Not what another one is writing just now."""
    dead = next(pid for pid in range(99999, 1, -1) if not psutil.pid_exists(pid))
    left = {
        f"params/reports/.x.yml.{dead}.new",
        f"tests/.test_x.py.{dead}.new",
        f"reports/utilisation/.x.ipynb.{dead}.new",
    }
    for name in {*left, "params/reports/.y.yml.1.new"}:
        (project / name).write_bytes(b"")

    assert new(project).returncode == 0
    assert not left & names(project)
    assert "params/reports/.y.yml.1.new" in names(project)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"--title": "{{< include x >}}"}, "cannot hold a shortcode"),
        ({"--id": "first"}, "there is a report 'first' already"),
        ({"--title": "Den första", "--id": "second"}, "has the address nyttjande/den-forsta/"),
        ({"--id": "nul"}, "Windows keeps for itself"),
        ({"--id": "Ny-rapport"}, "is no id"),
        ({"--slug": "å"}, "no part of an address"),
        ({"--area": "nytjande"}, "did you mean 'nyttjande'?"),
        ({"--units": "hu-cop,kirurgi"}, "a report is about one kind"),
        ({"--units": "hu-copp"}, "did you mean 'hu-cop'?"),
        ({"--units": "procedure"}, "name the procedures"),
        ({"--periods": "weeks"}, "did you mean 'week'?"),
        ({"--measure": "postop_stays"}, "cannot be followed for each operating_unit and week"),
        ({"--measure": "operatons"}, "did you mean 'operations'?"),
        ({"--owner": "nobody"}, "no mail address"),
        ({"--title": " "}, "write a title"),
        ({"--title": "x" * 121}, "120 signs at most"),
    ],
)
def test_new_refuses_what_would_not_do(project: Path, given: dict[str, str], said: str) -> None:
    """It says what is wrong and what would be right, and writes nothing."""
    before = names(project)

    told = new(project, **given)

    assert told.returncode == 2
    assert said in told.stderr
    assert names(project) == before


def test_new_refuses_a_file_that_is_there(project: Path) -> None:
    """Whoever's it is; and none of the others is written."""
    taken = project / "tests" / "test_operationer_i_lanet.py"
    taken.write_text("# ours\n", encoding="utf-8")
    before = names(project)

    told = new(project)

    assert told.returncode == 2
    assert "tests/test_operationer_i_lanet.py is there already" in told.stderr
    assert names(project) == before
    assert taken.read_text(encoding="utf-8") == "# ours\n"


def test_new_asks_nobody_where_there_is_no_terminal(project: Path) -> None:
    """A scheduled command must not wait for an answer; it names all that is missing."""
    told = lpe(project, "new", "--title", "Ny", "--area", "nyttjande")

    assert told.returncode == 2
    assert "--question, --units, --periods" in told.stderr


@pytest.fixture(scope="module")
def read(fresh: Path) -> Office:
    return read_office(Project(fresh))


def test_new_asks_for_what_options_do_not_say(read: Office) -> None:
    """In order, with what would do offered; a wrong answer is asked for again."""
    answers = iter(["Vår kö", "", "Hur lång?", "uppfoljnin", "uppfoljning", "", "clinic", "month"])
    asked: list[tuple[str, str | None]] = []

    def ask(words: str, default: str | None) -> str:
        asked.append((words.partition(" (")[0], default))
        return next(answers, "") or default or ""

    wish = settle(read, {}, (), ask)

    assert (wish.id, wish.slug, wish.title) == ("var_ko", "var-ko", "Vår kö")
    assert (wish.subjects.kind, wish.periods, wish.measure.id) == ("clinic", "month", "waiting")
    assert wish.owner == read.site.contact
    assert [words for words, _ in asked].count("Area") == 2
    assert ("Measure", "waiting") in asked


def test_new_gives_up_where_no_answer_does(read: Office) -> None:
    """Who answers wrongly again and again is not asked for ever."""
    with pytest.raises(UsageError, match="--title: no answer that would do"):
        settle(read, {}, (), lambda words, default: " ")


def test_new_asks_nothing_where_options_say_all_that_is_needed(read: Office) -> None:
    """The rest has defaults, also at a terminal."""
    given = {name.removeprefix("--"): text for name, text in GIVEN.items()}
    units = [given.pop("units")]

    def ask(words: str, default: str | None) -> str:
        raise AssertionError(words)

    assert settle(read, given, units, ask).measure.id == "operations"


def combinations() -> Iterator[tuple[str, PeriodKind]]:
    for kind in KINDS:
        for periods in PeriodKind:
            yield kind, periods


def test_each_combination_has_measures_and_words(read: Office) -> None:
    """Of every kind of unit and of period; each measure is defined on "Så räknar vi"."""
    assert set(PERIODS) == set(PeriodKind)
    for kind, periods in combinations():
        found = offered(next(k for k in KINDS if k == kind), periods, read.glossary)
        assert found, (kind, periods)
        assert all(measure.glossary_id in read.glossary for measure in found)


@pytest.mark.parametrize("text", ["Kö", "Hur går det?", "a@b.se", "Vecka 19, 2026"])
def test_plain_words_stand_unquoted(text: str) -> None:
    """A params file reads as a person would have written it."""
    assert quoted(text) == text
