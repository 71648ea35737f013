"""`_quarto.yml` is read strictly where pages need it, and gently where only Quarto knows."""

import shutil
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.render.website import load_website, unknown_keys

REPOSITORY = Path(__file__).resolve().parents[3]
REAL = REPOSITORY / "_quarto.yml"


@pytest.fixture
def quarto(tmp_path: Path) -> Path:
    """A copy of the project's own file, to be spoilt."""
    return Path(shutil.copy(REAL, tmp_path))


def spoil(path: Path, old: str, new: str) -> None:
    """Replace something that is there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_projects_own_file_is_read_whole() -> None:
    """Every area has its name there, and nothing in it is unknown."""
    website = load_website(REAL, REPOSITORY)

    assert website.lang == "sv"
    assert website.area_name("jamlik-vard") == "Jämlik vård"
    assert unknown_keys(REAL) == []


def test_the_files_that_it_names_are_there() -> None:
    """Quarto finds the templates, the filter and the stylesheet."""
    text = REAL.read_text("utf-8")
    named = [word for line in text.splitlines() for word in line.split() if "/assets/" in word]

    assert len(named) >= 4
    assert all((REPOSITORY / name).exists() for name in named)


def test_unknown_keys_are_named_with_their_line(quarto: Path) -> None:
    """What this renderer does not honour is told, at any depth."""
    spoil(quarto, "    theme: none", "    theme: none\n    toc: true")
    spoil(quarto, "lang: sv", "lang: sv\nbibliography: x.bib")

    found = unknown_keys(quarto)

    lines = quarto.read_text("utf-8").splitlines()
    assert found == [
        f"{lines.index('    toc: true') + 1}: format.html.toc",
        f"{lines.index('bibliography: x.bib') + 1}: bibliography",
    ] or found == [
        f"{lines.index('bibliography: x.bib') + 1}: bibliography",
        f"{lines.index('    toc: true') + 1}: format.html.toc",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  title: Länsplaneringsenheten rapporter", "  titel: x", "title"),
        ("href: enheter/index.html", "href: enheter", "index page"),
        ("      - text: Nyttjande\n", "      - name: Nyttjande\n", "text"),
        ("lang: sv", "# lang: sv", "lang"),
    ],
)
def test_what_pages_need_is_required(quarto: Path, old: str, new: str, said: str) -> None:
    """A missing title, navbar entry or language is an error that names file and line."""
    spoil(quarto, old, new)

    with pytest.raises(ParamsError, match=said) as caught:
        load_website(quarto, quarto.parent)

    assert str(caught.value).startswith("_quarto.yml:")
