"""Charts: valid specs in the house style, without hidden values, with alt texts that are true."""

import json
from dataclasses import replace
from typing import Any

import altair as alt
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.display.charts.alt_text import bars_alt, lines_alt, trend_alt
from lpe_reports.display.charts.bars import Bars, bars_spec
from lpe_reports.display.charts.lines import lines_spec
from lpe_reports.display.charts.making import ChartText, own_block, trend_block
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.charts.trend import trend_spec, trend_subtitle
from lpe_reports.display.palette import DARK, MEANINGS, PALETTE
from lpe_reports.display.series.model import Shade
from lpe_reports.errors import DisclosureError, UsageError
from small_series import protected, series

THEATRES = [16, 18, 18, 17, 12, 17, 19, 20, 18]
STEADY = [30, 32, 31, 33, 30, 32, 31, 33, 30, 32, 31, 33]
NB = "\u00a0"
USE = protected(
    {"name": ["A", "B", "C"], "share": [0.7, 0.5, 0.8], "before": [0.6, 0.55, 0.8]},
    Column("name", "Definition"), Column("share", "Andel", "share"),
    Column("before", "Förra", "share"), table="utilisation",
)  # fmt: skip
BARS = Bars("name", "share", reference="before", reference_words="året före")


def values(spec: dict[str, Any]) -> str:
    """All data of a spec as text."""
    return json.dumps([layer.get("data") for layer in spec["layer"]] + [spec.get("data")])


def drawn(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a spec that every reader sees."""
    return list(still(spec)["layer"])


@pytest.mark.parametrize(
    "spec",
    [
        trend_spec(series("open_theatres", THEATRES, target=20), width=300),
        trend_spec(series("operations", [*STEADY * 7, 60]), width=300),
        trend_spec(series("operations", [None, None]), width=300),
        trend_spec(
            series("operations", STEADY, shades=(Shade(2, 4, "Stängt", closure=True),)), width=640
        ),
        lines_spec(
            [series("waiting", [50, 60]), series("waiting", [70, 80], place="Gävle")],
            ["Bollnäs", "Gävle"], width=300, height=170,
        ),
        bars_spec(USE, BARS, width=300),
    ],
)  # fmt: skip
def test_specs_are_what_altair_takes(spec: dict[str, Any]) -> None:
    """Every house chart passes Altair's own schema."""
    alt.LayerChart.from_dict(spec).to_dict()


def test_specs_are_the_same_each_time() -> None:
    """Nothing random stands in a spec."""
    one, other = (trend_spec(series("operations", STEADY, target=31), width=300) for _ in "ab")

    assert json.dumps(one) == json.dumps(other)


def test_hidden_values_are_absent_from_every_chart() -> None:
    """A hidden three is in no data, no level and no text of the spec."""
    hidden = series("waiting", [50, 60, 3, 70])
    specs = [
        trend_spec(hidden, width=300),
        lines_spec([hidden], ["Bollnäs"], width=300, height=170),
        bars_spec(
            protected({"n": ["A", "B"], "v": [3, 50]}, Column("n", "n"), Column("v", "v", "count"),
                      table="waiting"),
            Bars("n", "v"), width=300,
        ),
    ]  # fmt: skip

    for spec in specs:
        assert '"value": 3' not in values(spec)
        assert '"text": "3"' not in values(spec)
    assert '"dold"' in values(specs[2])


def test_limits_are_reckoned_from_what_is_shown() -> None:
    """A hidden value moves neither mean nor limits, so they do not give it away."""
    one, other = series("waiting", [50, 60, 1, 70]), series("waiting", [50, 60, 4, 70])

    assert json.dumps(trend_spec(one, width=300)) == json.dumps(trend_spec(other, width=300))
    assert trend_alt(one) == trend_alt(other)


def test_special_points_have_another_shape_and_colour() -> None:
    """Shape and colour say the same: better or worse than chance."""
    # One week far above leaves the twelve before it on one side of the mean: low.
    spec = trend_spec(series("operations", [*STEADY, 60]), width=300)
    points = drawn(spec)[-1]["encoding"]

    def of(channel: str) -> dict[str, str]:
        scale = points[channel]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    assert of("shape") == {"good": "diamond", "bad": "square"}
    assert of("color") == {"good": PALETTE["good"], "bad": PALETTE["bad"]}
    last = drawn(spec)[-1]["data"]["values"][-1]
    assert (last["value"], last["cause"]) == (60, "good")


def test_long_series_thin_their_labels_and_points() -> None:
    """78 weeks in 300 px: few labels, the year at its first, only the points that say something."""
    spec = trend_spec(series("operations", (STEADY * 7)[:78]), width=300)
    axis = drawn(spec)[-1]["encoding"]["x"]["axis"]

    assert 4 <= len(axis["values"]) <= 10
    assert axis["values"][-1] == 77
    assert '["6", "2026"]' in axis["labelExpr"] or '"2026"' in axis["labelExpr"]
    assert len(drawn(spec)[-1]["data"]["values"]) < 78


def test_subtitle_names_what_is_drawn() -> None:
    """Target, mean, band, preliminary limits, closures: only what is there."""
    shades = (Shade(0, 1, "Tillfällig stängning", closure=True),)
    subtitle = trend_subtitle(series("open_theatres", THEATRES, target=20, shades=shades))

    assert subtitle == (
        "mål 20 · streck medel · band vanlig variation, preliminärt (under 12 veckor) · "
        "skuggat tillfällig stängning"
    )
    assert "mål" not in trend_subtitle(series("operations", STEADY))


@pytest.mark.parametrize(
    ("numbers", "target", "text"),
    [
        (THEATRES, 20.0, f"Öppna salar, Bollnäs, vecka 11–19 2026: mellan 12 (v.{NB}15) och 20, "
         "senast 18. Målet 20 nås en vecka av nio."),
        ([18, 18], None, "Öppna salar, Bollnäs, vecka 18–19 2026: hela tiden 18."),
        ([20, 21], 20.0, f"Öppna salar, Bollnäs, vecka 18–19 2026: mellan 20 (v.{NB}18) och 21, "
         "senast 21. Målet 20 nås alla två veckor."),
        ([18, 19], 20.0, f"Öppna salar, Bollnäs, vecka 18–19 2026: mellan 18 (v.{NB}18) och 19, "
         "senast 19. Målet 20 nås inte någon av de två veckorna."),
        ([18, None], None, "Öppna salar, Bollnäs, vecka 18–19 2026: hela tiden 18, senaste värdet "
         "saknas."),
        ([None, None], None, "Öppna salar, Bollnäs, vecka 18–19 2026: uppgifter saknas."),
    ],
)  # fmt: skip
def test_alt_text_tells_the_charts_point(
    numbers: list[float | None], target: float | None, text: str
) -> None:
    """Range, last value and target; true when flat, missing or empty."""
    assert trend_alt(series("open_theatres", numbers, target=target)) == text


def test_alt_text_says_how_much_is_hidden() -> None:
    """The count of hidden values is told, none of the values."""
    text = trend_alt(series("waiting", [50, 3, 70]))

    assert text.endswith("Ett värde är dolt.")
    assert "3" not in text.replace("vecka 17–19", "")


def test_alt_text_says_which_list() -> None:
    """To the operation or to the first visit: two lists of one place."""
    list_ = replace(series("waiting", [50, 60]), list_words="till operation")
    named = replace(list_, name="Väntande till operation i Bollnäs")

    assert trend_alt(list_).startswith("Väntande till operation, Bollnäs, vecka 18–19 2026: ")
    assert trend_alt(named).startswith("Väntande till operation i Bollnäs, vecka")
    share = series("guarantee_share_waiting", [70, 80], denominators=[100, 100])
    within = "Inom vårdgarantin för väntande till operation, Bollnäs, vecka"
    assert trend_alt(replace(share, list_words="till operation")).startswith(within)
    assert lines_alt([list_, list_], ["a", "b"]).startswith("Väntande till operation, vecka")


def test_alt_text_says_of_a_period_under_way_only_what_it_is_so_far() -> None:
    """Its value is no minimum and misses no target yet."""
    text = trend_alt(series("operations", [40, 46, 44, 3], target=45, ongoing=True))

    assert f"mellan 40 (v.{NB}16) och 46, hittills 3 (v.{NB}19)" in text
    assert text.endswith("Målet 45 nås en vecka av tre.")


def test_alt_text_of_lines_and_bars() -> None:
    """Each line's range by name; the longest and shortest bar."""
    two = [series("waiting", [50, 60]), series("waiting", [70, 80], place="Gävle")]

    assert "Gävle mellan 70" in lines_alt(two, ["Bollnäs", "Gävle"])
    assert bars_alt(USE, BARS, "Nyttjande") == (
        f"Nyttjande, 3 staplar: högst C 80,0{NB}%, lägst B 50,0{NB}%."
    )


def test_lone_points_are_drawn_where_no_line_reaches_them() -> None:
    """Between two gaps in a long series, where other points are left out."""
    numbers: list[float | None] = [40.0 + n % 2 for n in range(60)]
    numbers[20] = numbers[22] = None
    one = series("operations", numbers)
    trend = drawn(trend_spec(one, width=300))[-1]
    lines = drawn(lines_spec([one], ["a"], width=300, height=170))[1]

    for points in (trend, lines):
        assert [row["position"] for row in points["data"]["values"]] == [21, 59]


def test_the_point_of_a_period_under_way_is_an_open_ring() -> None:
    """Drawn with a stroke, once, and named in the subtitle."""
    one = series("operations", [40, 46, 44, 20], ongoing=True)
    ring, points = drawn(trend_spec(one, width=300))[-2:]

    assert [row["value"] for row in ring["data"]["values"]] == [20]
    assert ring["mark"]["filled"] is False
    assert ring["mark"]["strokeWidth"] > 1
    assert [row["value"] for row in points["data"]["values"]] == [40, 46, 44]
    assert trend_subtitle(one).endswith("ring pågående vecka")


def test_holiday_weeks_are_shaded_over_two_years() -> None:
    """Shaded and said to be; over three years they would be a pattern of their own."""
    holiday = (Shade(3, 3, "nyårsdagen", closure=False),)
    two = series("operations", [40, 41] * 52, shades=holiday)
    three = series("operations", [40, 41] * 78, shades=holiday)

    assert "skuggat helgvecka" in trend_subtitle(two)
    assert drawn(trend_spec(two, width=640))[0]["data"]["values"][0]["from"] == 2.5
    assert "helgvecka" not in trend_subtitle(three)


def test_tiny_counts_have_no_marked_points() -> None:
    """What is unusual among ones and twos means nothing."""
    one = series("open_theatres", [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 4])

    assert {row["cause"] for row in drawn(trend_spec(one, width=300))[-1]["data"]["values"]} == {""}


def test_a_charts_table_holds_the_charts_numbers() -> None:
    """What is drawn stands behind the toggle, the newest first."""
    block = trend_block(
        series("operations", [35, 46], target=45), chart_id="op", text=ChartText("Op"), wide=False
    )

    assert block.table.id == "op-data"
    assert block.table.rows == (("2026-W19", 46), ("2026-W18", 35))
    assert [mark.words for mark in block.table.marks] == ["under målet", "når målet"]


def test_an_authors_chart_gets_protected_data_only() -> None:
    """Altair without data is filled from the table; with data of its own it is refused."""
    text = ChartText("Nyttjande", alt="A ligger högst.")
    drawn = alt.Chart().mark_bar().encode(x="share:Q", y="name:N")
    block = own_block(drawn, USE, chart_id="n", text=text)

    assert block.spec["data"]["values"][0] == {"name": "A", "share": 0.7, "before": 0.6}
    assert block.spec["config"]["font"] == "Inter"
    brought = alt.Chart(alt.InlineData(values=[{"share": 3}])).mark_bar()
    with pytest.raises(DisclosureError, match="data of its own"):
        own_block(brought, USE, chart_id="n", text=text)
    with pytest.raises(UsageError, match="alt="):
        own_block(drawn, USE, chart_id="n", text=ChartText("Nyttjande"))


def test_palette_gives_each_meaning_one_colour() -> None:
    """No colour stands for two meanings, light and dark name the same, all are explained."""
    assert len(set(PALETTE.values())) == len(PALETTE)
    assert PALETTE.keys() == DARK.keys()
    assert MEANINGS.keys() <= PALETTE.keys()


@pytest.mark.parametrize("palette", [PALETTE, DARK])
def test_palette_is_seen_against_its_paper(palette: dict[str, str]) -> None:
    """Everything that carries meaning has a contrast of 3:1 to the paper (WCAG 1.4.11)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for role, colour in palette.items():
        if role in ("paper", "line") or role.startswith("shade-"):
            continue  # a shade is outlined or has its number written on it
        light, dark = sorted((luminance(colour), luminance(palette["paper"])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, role
