"""Quarto's log: what it warns of and why it stops, by page, without the document's text."""

import pytest

from lpe_reports.render.quarto.log import read_log
from quarto_replay import CASES, recorded


def test_warnings_are_told_once_with_their_page() -> None:
    """Both formats tell the same; line numbers are of no text that the author has seen."""
    told = read_log(recorded("warnings").log, [page.address for page in CASES["warnings"]])

    assert told.warnings == {
        "a/odd": [
            "Quarto: Div unclosed, closing implicitly.",
            "Quarto: Shortcode 'video-of' not found",
        ]
    }
    assert told.reason == ""


@pytest.mark.parametrize(
    ("name", "page", "reason"),
    [
        ("failing", "a/bad", "Validation of YAML front matter failed."),
        ("single", "a/bad", "Validation of YAML front matter failed."),
        ("unnamed", "", "YAMLException: missed comma between flow collection entries (3:1)"),
        ("good", "a/index", ""),
    ],
)
def test_a_stop_is_told_with_its_page_and_reason(name: str, page: str, reason: str) -> None:
    """As far as Quarto names them."""
    told = read_log(recorded(name).log, [page.address for page in CASES[name]])

    assert (told.page, told.reason) == (page, reason)


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_of_the_document_is_told(name: str) -> None:
    """Quarto quotes lines of it; here they hold a person's name."""
    recording = recorded(name)
    told = read_log(recording.log, [page.address for page in CASES[name]])

    assert "Anna_Ek" not in str(told)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[WARNING] lpe: cell 4: {{< video >}} is left out", "cell 4: {{< video >}} is left out"),
        ("WARN: Unable to resolve link target: a/Anna Ek.qmd", "…"),
        ('WARNING (/opt/q/main.lua:12) cannot show "Anna Ek"', "Quarto: cannot show …"),
        ("WARN: could not read /home/anna/x/secret.yml", "Quarto: could not read secret.yml"),
        ("[WARNING] " + "o" * 400, "Quarto: " + "o" * 159 + "…"),
    ],
)
def test_a_warning_names_the_construct_and_quotes_nothing(line: str, said: str) -> None:
    """Our own filter's words are taken as they are; paths of the machine go."""
    told = read_log(f"[1/2] a/b.qmd\n{line}\n[2/2] a/c.qmd\n", ["a/b", "a/c"])

    if said != "…":
        assert told.warnings == {"a/b": [said]}


def test_an_error_of_a_filter_is_told_by_its_first_words() -> None:
    """What failed stands on the line after the one that says that something did."""
    log = (
        "[1/2] a/b.qmd\nError running filter /opt/quarto/share/filters/main.lua:\n"
        "../templates/filter.lua:33: attempt to index a nil value (local 'part')\n"
        "stack traceback:\n\t../templates/filter.lua:33: in local 'part'\n"
        "WARN: Error encountered when rendering files\n"
    )

    told = read_log(log, ["a/b", "a/c"])

    assert told.page == "a/b"
    assert told.reason == (
        "running filter main.lua: filter.lua:33: attempt to index a nil value (local 'part')"
    )
