"""What a notebook says has an effect, or is refused with the argument that had none."""

from collections.abc import Callable
from typing import Any, cast

import pandas as pd
import pytest

from lpe_reports import page as pages
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.display.page import Page
from lpe_reports.display.series.registered import plan
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.errors import UsageError
from small_series import protected

OpenPage = Callable[..., Page]
# A value for each argument that narrows a series, one that its unit or list has.
NARROWED: dict[str, dict[str, Any]] = {
    "section": {"section": "ort"},
    "procedure": {"procedure": "knee"},
    "list": {"list": "first_contact", "unit": "ort-mott-bo"},
}


@pytest.mark.parametrize("narrowing", sorted(NARROWED))
@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_series_is_narrowed_or_refused(open_page: OpenPage, measure: str, narrowing: str) -> None:
    """An argument reads other rows than without it, or is named in a refusal."""
    monthly = measure in {each.id for each in plan.MEASURES}
    opened = {"report": "production_plan", "period": "2026-04"} if monthly else {}
    page, wish = open_page(**opened), NARROWED[narrowing]
    if narrowing not in MEASURES[measure].narrowed_by:
        with pytest.raises(UsageError, match=f"{measure}.*{narrowing}=.*change nothing"):
            page.series(measure, last=2, **wish)
        return

    page.series(measure, last=2, **wish)
    asked = [q for q in page._opening.extract.questions if q.table == MEASURES[measure].source]
    where = [dict(question.where) for question in asked if question.about == "rows"]
    name = {"procedure": "procedure_code"}.get(narrowing, narrowing)
    on_list = narrowing == "section" and MEASURES[measure].stock  # one reading serves all sections
    assert on_list or all(name in conditions for conditions in where)


def test_section_narrows_a_list(open_page: OpenPage) -> None:
    """All sixty in Bollnäs are of the section Ort, and none of another VO's."""
    page = open_page()

    assert page.series("waiting", unit="bo-opc", section="ort", last=2).now.value == 60
    assert page.series("waiting", unit="bo-opc", vo=None, section="kir", last=2).now.value == 0


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"lats": 8}, "lats=.*did you mean last="),
        ({"turnover_cap_minutes": 60}, "no such parameter"),
        ({"list": "operations"}, "operation and first_contact"),
        ({"list": "first_contact", "unit": "ort-mott-bo", "procedure": "knee"}, "first contact"),
        ({"unit": "ort-mott-bo"}, "kind clinic, and must be of kind operating_unit"),
        ({"unit": "ga"}, "kind hospital"),
        ({"unit": "bo-opc", "list": "first_contact"}, "must be of kind clinic"),
        ({"vo": "bo-opc"}, "must be of kind vo"),
        ({"section": "kir"}, "of 'kirurgi', not of vo='ortopedi'"),
        ({"section": "ortopedi"}, "must be of kind section"),
        ({"unit": "bo-op"}, "bo-op"),
        ({"procedure": "kne"}, "kne"),
        ({"target_unit": "bo-op"}, "bo-op"),
        ({"last": 8, "since": "2026-W12"}, "leave one"),
        ({"last": 1}, "two periods"),
        ({"last": 0}, "two periods"),
        ({"since": "2026-W20"}, "no week before"),
        ({"since": "2026-03"}, "no week before"),
        ({"rebase": ["2026-03"]}, "no week"),
    ],
)
def test_series_refuses_what_it_would_not_heed(
    open_page: OpenPage, wish: dict[str, Any], said: str
) -> None:
    """Misspelt, said twice, of another kind or another unit's."""
    with pytest.raises(UsageError, match=said):
        open_page().series("waiting", **wish)


def test_only_the_definition_with_turnover_takes_its_cap(open_page: OpenPage) -> None:
    """The cap changes what it is given to, and is refused where it would not."""
    page = open_page("bo-opc", "2026-04", report="utilisation")

    page.series("aacd_adjusted", turnover_cap_minutes=60)
    with pytest.raises(UsageError, match="turnover_cap_minutes"):
        page.series("aacd_raw", turnover_cap_minutes=60)


def test_what_is_misspelt_is_refused_where_it_is_written(open_page: OpenPage) -> None:
    """A unit, a column's type, a note that is a list, a name for what has none."""
    page: Any = open_page("bo-opc", "2026-04", report="utilisation")
    calls: dict[str, Callable[[], object]] = {
        "'bo-op'; did you mean 'bo-opc'": lambda: page.read("operations", units=["bo-op"]),
        "'minuter'; did you mean 'minutes'": lambda: pages.Column("m", "M", cast(Any, "minuter")),
        "'bo'; there are: count, date": lambda: pages.Column("m", "M", cast(Any, "bo")),
        "p.note takes a text, not a list": lambda: page.note(["x"]),
        "which is one of good, bad": lambda: page.note("x", ["y"]),
        "p.selection takes a text": lambda: page.selection(["x"]),
        "not by a float": lambda: page.params.procedures.name(float("nan")),
    }
    for said, call in calls.items():
        with pytest.raises(UsageError) as caught:
            call()
        assert said in str(caught.value)

    assert len(page.read("operations", units=["bo-opc"], columns=["operating_unit"]))


def test_page_refuses_arguments_that_do_not_go_together(open_page: OpenPage) -> None:
    """Each call as an author might write it, and the argument that would have done nothing."""
    page: Any = open_page()
    series = page.series("operations", unit="bo-opc", last=8)
    table = protected({"a": ["x"], "n": [30]}, Column("a", "A"), Column("n", "N", "count"))
    draft = Draft(pd.DataFrame({"n": [30]}), [Column("n", "N", "count")])
    calls: dict[str, Callable[[], object]] = {
        "labels=": lambda: page.table(table, caption="x", labels=["y"]),
        "targets=": lambda: page.table(series, caption="x", targets={"value": 3}),
        "window=0": lambda: page.table(series, caption="x", window=0),
        "total_row=1": lambda: page.table(table, caption="x", total_row=1),
        "total_row=-2": lambda: page.table(table, caption="x", total_row=-2),
        "p.trend: last=1": lambda: page.trend(series, last=1),
        "p.lines: last=0": lambda: page.lines(series, caption="x", last=0),
        "2 names for 1": lambda: page.lines(series, caption="x", names=["a", "b"]),
        "low= and high=": lambda: page.bars(table, label="a", value="n", caption="x", low="n"),
        "reference=": lambda: page.bars(
            table, label="a", value="n", caption="x", reference_words="förut"
        ),
        "before=": lambda: page.key_figure(table, "n", label="x", before_label="förut"),
        "before_label=": lambda: page.key_figure(table, "n", label="x", before=table),
        "2 notes for 1": lambda: page.protect_coarsest([draft], table="x", notes=["a", "b"]),
    }
    for said, call in calls.items():
        with pytest.raises(UsageError, match=said):
            call()
            pytest.fail(f"{said} was not refused")
    assert page._shown == []
