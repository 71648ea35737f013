"""The page of known answers: ours is theirs on every line, and the page is what is computed."""

from pathlib import Path

import pytest
import table
from oracles import SHARED

# FunnelPlotR on medpar, in the page as in `test_funnel_oracles`. The counts of the 54 hospitals
# are the data set's own and stand beside the project only, so that nothing of this can be
# computed without it; the page is what is left to hold to.
FUNNEL = {
    "hospitals": "54",
    "outside the 99.8 % limits": "25",
    "outside the adjusted limits": "9",
    "φ, extremes truncated": "8.532851",
    "τ²": "0.028410",
    "dispersion of the stays": "6.2405",
}


@pytest.fixture(scope="module")
def committed() -> str:
    return table.PAGE.read_text(encoding="utf-8")


def test_page_has_ours_as_theirs_on_every_line(committed: str) -> None:
    """Every line has a figure of ours, the same of theirs, and whose that is."""
    figures = table.rows(committed)

    assert len(figures) > 150
    assert [row for row in figures if row[1] != row[2] or not all(row)] == []


def test_page_has_the_funnels_figures_that_matter(committed: str) -> None:
    """54 hospitals, 25 outside, 9 when adjusted, and how much more than chance they vary."""
    figures = {name: ours for name, ours, _, source in table.rows(committed)
               if source == "FunnelPlotR"}  # fmt: skip

    assert {name: figures[name] for name in FUNNEL} == FUNNEL


def test_page_is_what_is_computed(committed: str) -> None:
    """`make docs` would change nothing."""
    if not table.can_compute(SHARED):
        pytest.skip("../shared is not beside the project")

    assert table.page() == committed


def test_page_is_kept_where_the_data_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without them nothing can be computed: the page stays, and that is said."""
    page = tmp_path / "known-answers.md"
    page.write_text("as it was", encoding="utf-8")

    table.write(page, tmp_path / "shared")

    assert page.read_text(encoding="utf-8") == "as it was"
    assert "docs/known-answers.md is kept as it is" in capsys.readouterr().out
