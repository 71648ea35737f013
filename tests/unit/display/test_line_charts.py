"""Line charts: names apart at their ends, whole numbers for counts, the target that all share."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.charts.axes import period_axis, text_width
from lpe_reports.display.charts.lines import lines_spec
from lpe_reports.display.charts.making import ChartText, lines_block
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.palette import PALETTE
from lpe_reports.display.series.model import Series
from lpe_reports.display.tables import Target
from lpe_reports.errors import UsageError
from lpe_reports.periods import Period, PeriodKind, last_periods
from small_series import series

NB = "\u00a0"


def drawn(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a spec that every reader sees."""
    return list(still(spec)["layer"])


def test_lines_keep_their_names_apart() -> None:
    """Two ends at one height get names a line apart."""
    two = [series("waiting", [50, 60]), series("waiting", [51, 60], place="Gävle")]
    spec = lines_spec(two, ["Bollnäs", "Gävle"], width=300, height=170)
    places = [row["value"] for row in drawn(spec)[-1]["data"]["values"]]
    low, high = drawn(spec)[0]["encoding"]["y"]["scale"]["domain"]

    assert abs(places[1] - places[0]) * 170 / (high - low) >= 12.9


def test_lines_say_at_the_end_that_the_last_value_is_hidden() -> None:
    """The name stands at the last known point, which is not the last one."""
    two = [series("waiting", [50, 60]), series("waiting", [51, 3], place="Gävle")]
    spec = lines_spec(two, ["Bollnäs", "Gävle"], width=300, height=170)
    labels = {row["series"]: row["label"] for row in drawn(spec)[-1]["data"]["values"]}

    assert labels == {"Bollnäs": "Bollnäs", "Gävle": "Gävle (dold)"}


def test_lines_draw_the_target_that_all_have() -> None:
    """One dashed line in the target's colour, named in the subtitle; none where they differ."""
    one = series("guarantee_share_waiting", [70, 80], denominators=[100, 100], target=0.9)
    same = replace(one, place="Gävle")
    other = replace(one, targets=(Target(0.8, "up"),) * 2)

    def block(*both: Series) -> ChartBlock:
        return lines_block(both, ["a", "b"], chart_id="x", text=ChartText("Andel"), wide=False)

    rules = [each for each in drawn(block(one, same).spec) if each["mark"]["type"] == "rule"]
    assert [rule["data"]["values"] for rule in rules] == [
        [{"from": -0.15, "to": 1.15, "target": 0.9}]
    ]
    assert (rules[0]["mark"]["color"], rules[0]["mark"]["strokeDash"]) == (
        PALETTE["target"],
        [5, 4],
    )
    assert block(one, same).subtitle == f"mål 90{NB}%"
    assert block(one, other).subtitle == ""
    assert all(each["mark"]["type"] != "rule" for each in drawn(block(one, other).spec))


@pytest.mark.parametrize("numbers", [[0, 1, 0, 1], [1, 1, 2, 1, 2], [10, 480], [0, 0], [900, 1040]])
def test_counts_have_whole_numbers_on_their_axis(numbers: list[float | None]) -> None:
    """There is no half patient; two to six ticks within the scale."""
    spec = lines_spec([series("operations", numbers)], ["a"], width=300, height=170)
    y = drawn(spec)[0]["encoding"]["y"]
    low, high = y["scale"]["domain"]

    assert all(isinstance(tick, int) and low <= tick <= high for tick in y["axis"]["values"])
    assert 2 <= len(y["axis"]["values"]) <= 6
    assert y["axis"]["tickCount"] == len(y["axis"]["values"])


def test_lines_refuse_more_series_than_colours() -> None:
    """Seven lines could not be told apart; shares and counts share no axis."""
    many = [series("waiting", [50, 60], place=str(n)) for n in range(7)]
    with pytest.raises(UsageError, match="at most 6"):
        lines_spec(many, [str(n) for n in range(7)], width=300, height=170)
    mixed = [many[0], series("spor_patient_time", [0.5, 0.6])]
    with pytest.raises(UsageError, match="one type"):
        lines_spec(mixed, ["a", "b"], width=300, height=170)


def test_lines_block_carries_every_series_in_its_table() -> None:
    """One column per line, by the names at their ends."""
    two = [series("waiting", [50, 60]), series("waiting", [70, 80], place="Gävle")]
    block = lines_block(two, ["Bo", "Gä"], chart_id="w", text=ChartText("Väntande"), wide=False)

    assert [column.label for column in block.table.columns] == ["År-vecka", "Bo", "Gä"]


def axis_labels(periods: list[Period], width: int) -> list[tuple[int, list[str]]]:
    """The labels of an axis that are shown: where they stand, and their lines."""
    axis = period_axis(periods, width)["axis"]
    said = json.loads(axis["labelExpr"].removesuffix("[datum.value]"))
    lines = [[label] if isinstance(label, str) else label for label in said]
    return [(number, lines[number]) for number in axis["values"]]


@pytest.mark.parametrize("width", [300, 640])
@pytest.mark.parametrize("kind", [k for k in PeriodKind if k is not PeriodKind.WEEK])
def test_labels_of_periods_leave_air_between_each_other(kind: PeriodKind, width: int) -> None:
    """Twelve periods of any kind have labels that do not meet."""
    shown = axis_labels(last_periods(kind, date(2026, 4, 1), 12), width)
    step = width / 12

    assert len(shown) >= 4
    for (at, lines), (after, others) in pairwise(shown):
        wide = max(map(text_width, lines)) / 2 + max(map(text_width, others)) / 2
        assert (after - at) * step >= wide + 4


def test_quarters_name_their_year_once_beneath() -> None:
    """kv 4 with 2025 beneath, then kv 1 with 2026 beneath, and kv 2 alone."""
    labels = axis_labels(last_periods(PeriodKind.QUARTER, date(2026, 4, 2), 3), 300)

    assert labels == [
        (0, [f"kv{NB}4", "2025"]), (1, [f"kv{NB}1", "2026"]), (2, [f"kv{NB}2"])
    ]  # fmt: skip


def test_schedules_are_named_by_their_first_week() -> None:
    """v. 44 with the year of that week beneath, and what the weeks are of."""
    schedules = last_periods(PeriodKind.SCHEDULE, date(2026, 5, 11), 3)

    assert axis_labels(schedules, 300) == [
        (0, [f"v.{NB}44", "2025"]), (1, [f"v.{NB}2", "2026"]), (2, [f"v.{NB}12"])
    ]  # fmt: skip
    assert period_axis(schedules, 300)["title"] == "schemats första vecka"
