"""Which renderer is taken, and what is said where the wanted one is not there."""

from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.errors import SettingsError
from lpe_reports.render.choosing import choose_renderer
from lpe_reports.render.keys import machinery_digest
from quarto_replay import ROOT, program, recorded

pytestmark = pytest.mark.promise(
    "builds", "A Quarto that is too old, damaged or missing is told before anything runs"
)


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LPE_RENDERER", raising=False)


@pytest.fixture
def quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recorded Quarto on PATH, and nothing else on it."""
    found = program(tmp_path / "bin", recorded("good"))
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(found.parent))
    return found


@pytest.fixture
def no_quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Quarto."""
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize("choice", ["auto", "quarto"])
def test_quarto_is_taken_where_it_is(quarto: Path, choice: str) -> None:
    """From PATH; the versions and the readers' sentence say which."""
    renderer, note = choose_renderer(choice, ROOT)

    assert renderer.name == "quarto"
    assert renderer.versions()["quarto"] == recorded("good").version
    assert renderer.versions()["pandoc"] == recorded("good").pandoc
    assert f"med Quarto {recorded('good').version}" in note


def test_quarto_path_goes_before_path(
    quarto: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer one beside the machine's own."""
    newer = program(tmp_path / "newer", replace(recorded("good"), version="1.10.2"))
    monkeypatch.setenv("QUARTO_PATH", str(newer))

    assert choose_renderer("auto", ROOT)[0].versions()["quarto"] == "1.10.2"


@pytest.mark.usefixtures("no_quarto")
def test_without_quarto_auto_goes_on_and_says_so() -> None:
    """The embedded renderer makes the pages; asking for Quarto by name is wrong use."""
    renderer, note = choose_renderer("auto", ROOT)

    assert renderer.name == "pandoc"
    assert note.endswith("(Quarto finns inte på den här datorn).")
    with pytest.raises(SettingsError, match=r"no Quarto on PATH.*--renderer pandoc") as wrong:
        choose_renderer("quarto", ROOT)
    assert wrong.value.exit_code == 2


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.8.27", r"is Quarto 1\.8\.27, and 1\.9 or newer is needed"),
        ("0.9.9", r"is Quarto 0\.9\.9"),
        ("a version", "does not say which Quarto it is"),
    ],
)
@pytest.mark.parametrize("choice", ["auto", "quarto"])
def test_a_quarto_that_is_too_old_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, said: str, choice: str
) -> None:
    """It is never passed over in silence: its owner believes that it makes the pages."""
    old = program(tmp_path, replace(recorded("good"), version=version))
    monkeypatch.setenv("QUARTO_PATH", str(old))

    with pytest.raises(SettingsError, match=rf"{said}.*--renderer pandoc"):
        choose_renderer(choice, ROOT)


@pytest.mark.parametrize("damage", ["gone", "not a program", "fails"])
def test_a_quarto_that_cannot_be_run_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """QUARTO_PATH that leads nowhere, a damaged file, a program that ends with an error."""
    path = tmp_path / "quarto"
    if damage != "gone":
        path.write_text("#!/bin/sh\nexit 3\n" if damage == "fails" else "\0")
        path.chmod(0o755)
    monkeypatch.setenv("QUARTO_PATH", str(path))

    said = "no program there" if damage == "gone" else "could not be run"
    with pytest.raises(SettingsError, match=rf"{said}.*--renderer pandoc"):
        choose_renderer("auto", ROOT)
    assert choose_renderer("pandoc", ROOT)[0].name == "pandoc"


def test_an_unknown_renderer_is_named_with_those_there_are() -> None:
    """A slip of the pen is no silent choice."""
    with pytest.raises(SettingsError, match="no renderer 'latex'; there are: auto, quarto, pandoc"):
        choose_renderer("latex", ROOT)


def test_an_office_says_what_auto_means(quarto: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LPE_RENDERER decides where the command line does not, and a slip in it is named."""
    monkeypatch.setenv("LPE_RENDERER", "pandoc")

    assert choose_renderer("auto", ROOT)[0].name == "pandoc"
    assert choose_renderer("quarto", ROOT)[0].name == "quarto"
    monkeypatch.setenv("LPE_RENDERER", "Quarto")
    with pytest.raises(SettingsError, match=r"no renderer 'Quarto' \(in LPE_RENDERER\)"):
        choose_renderer("auto", ROOT)


def test_pages_depend_on_the_renderer_its_version_and_what_it_reads(
    quarto: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another Quarto, or another `_quarto.yml`, makes all pages again; the same makes none."""
    project = tmp_path / "project"
    project.mkdir()
    text = (ROOT / "_quarto.yml").read_text("utf-8")
    newer = program(tmp_path / "newer", replace(recorded("good"), version="1.10.2"))

    def digest(choice: str = "auto", said: str = text) -> str:
        (project / "_quarto.yml").write_text(said, "utf-8")
        return machinery_digest(choose_renderer(choice, project)[0])

    before = digest()
    assert before == digest()
    others = [digest("pandoc"), digest(said=text + "\nnumber-sections: true\n")]
    monkeypatch.setenv("QUARTO_PATH", str(newer))
    others.append(digest())
    assert len({before, *others}) == 4
