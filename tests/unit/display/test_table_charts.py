"""Charts of protected tables: stacked bars, matrices, curves and plans, as a page shows them."""

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import ChartBlock, TableBlock
from lpe_reports.display.charts.curves import curves_picture
from lpe_reports.display.charts.heat import heat_picture
from lpe_reports.display.charts.picture import Picture
from lpe_reports.display.charts.plan import Plan, plan_picture
from lpe_reports.display.charts.stacked import stacked_picture
from lpe_reports.display.page import Page
from lpe_reports.display.palette import DARK, PALETTE, SHADES
from lpe_reports.errors import UsageError
from lpe_reports.periods import parse_period
from small_series import protected

OpenPage = Callable[..., Page]

NB = "\u00a0"
BANDS = ("0–30 dagar", "31–60 dagar", "över 60 dagar")
PARTS = ("a", "b", "c")


def bands(**rows: tuple[int | None, ...]) -> Protected:
    """Patients per unit and band of waiting; those from 1 to 4 are hidden."""
    numbers = {
        part: pd.array([row[n] for row in rows.values()], dtype="Int64")
        for n, part in enumerate(PARTS)
    }
    columns = [Column(part, name, "count") for part, name in zip(PARTS, BANDS, strict=True)]
    names = pd.array(list(rows), dtype="str")
    return protected({"unit": names, **numbers}, Column("unit", "Enhet"), *columns,
                     table="waiting")  # fmt: skip


def stacked(table: Protected, *, share: bool = False) -> Picture:
    return stacked_picture(
        table, label="unit", parts=PARTS, share=share, width=400, caption="Väntande"
    )


def heat(table: Protected) -> Picture:
    return heat_picture(table, label="unit", parts=PARTS, width=640, caption="Väntande")


def curve(values: dict[str, list[float]], **ends: list[float]) -> Picture:
    """Share still waiting after 0, 30, 60 … days, by unit."""
    frame: dict[str, list[object]] = {"unit": [], "days": [], "left": []}
    for name, points in values.items():
        for number, value in enumerate(points):
            frame["unit"].append(name)
            frame["days"].append(30 * number)
            frame["left"].append(value)
    columns = [Column("unit", "Enhet"), Column("days", "Väntetid", "days", "dagar"),
               Column("left", "Väntar ännu", "share", decimals=0)]  # fmt: skip
    for name, numbers in ends.items():
        frame[name] = list(numbers)
        columns.append(Column(name, name, "share"))
    frame["unit"] = pd.array(frame["unit"], dtype="str")  # type: ignore[assignment]
    return curves_picture(
        protected(frame, *columns), x="days", y="left", by="unit", low="low" if ends else "",
        high="high" if ends else "", width=640, height=240, caption="Väntan",
    )  # fmt: skip


MONTHS = ["2026-04", "2026-03", "2026-02", "2026-05"]  # as a table may have them


def plan_table(**columns: list[int | None]) -> Protected:
    frame: dict[str, Any] = {"month": MONTHS}
    frame |= {name: pd.array(values, dtype="Int64") for name, values in columns.items()}
    return protected(
        frame, Column("month", "Månad", "month"), *(Column(n, n, "count") for n in columns)
    )


def plan(*, now: str = "", **columns: list[int | None]) -> Picture:
    named = Plan("month", **{name: name for name in columns})  # type: ignore[arg-type]
    period = parse_period(now) if now else None
    return plan_picture(
        plan_table(**columns), named, now=period, width=640, height=180, caption="Plan"
    )


DONE = {"outcome": [151, 160, 139, None], "plan": [150, 150, 150, 150]}
COMING = {"forecast": [None, None, None, 140], "low": [None, None, None, 130],
          "high": [None, None, None, 150]}  # fmt: skip
FULL = bands(Bollnäs=(40, 30, 10), Gävle=(100, 60, 40))


def data(picture: Picture) -> str:
    return json.dumps([layer.get("data") for layer in picture.spec["layer"]], ensure_ascii=False)


@pytest.mark.parametrize(
    "picture",
    [
        stacked(FULL), stacked(FULL, share=True), stacked(bands()), heat(FULL), heat(bands()),
        curve({"A": [1, 0.5, 0.2]}), curve({}),
        curve({"A": [1, 0.5]}, low=[0.9, 0.4], high=[1, 0.6]),
        plan(**DONE), plan(**DONE, first=[1, 2, 3, 4], **COMING),
        plan(outcome=[None] * 4, plan=[None] * 4),
    ],
)  # fmt: skip
def test_specs_are_what_altair_takes(picture: Picture) -> None:
    """Every one passes Altair's own schema, empty ones too."""
    alt.LayerChart.from_dict(picture.spec).to_dict()


def test_stacked_parts_lie_one_after_another() -> None:
    """Each begins where the one before ends; the number stands in it where it has room."""
    bars = stacked(FULL).spec["layer"][0]["data"]["values"]

    assert [(row["row"], row["from"], row["to"]) for row in bars] == [
        ("Bollnäs", 0, 40), ("Bollnäs", 40, 70), ("Bollnäs", 70, 80),
        ("Gävle", 0, 100), ("Gävle", 100, 160), ("Gävle", 160, 200),
    ]  # fmt: skip
    # 400 px for 200 patients: ten have 20 px, and two digits need 19.
    inside = stacked(FULL).spec["layer"][1]["data"]["values"]
    assert [row["inside"] for row in inside] == ["40", "30", "10", "100", "60", "40"]
    assert bars[1]["told"] == f"Bollnäs\t\n31–60 dagar\t30 (38{NB}%)"
    ends = stacked(FULL).spec["layer"][2]["data"]["values"]
    assert [(row["text"], row["to"]) for row in ends] == [("80", 80), ("200", 200)]


def test_stacked_shares_fill_the_bar() -> None:
    """All bars end at 1, with the count after them."""
    bars = stacked(FULL, share=True).spec["layer"][0]["data"]["values"]

    assert [row["to"] for row in bars] == [0.5, 0.875, 1, 0.5, 0.8, 1]
    assert stacked(FULL, share=True).alt == (
        f"Väntande, 2 staplar: 0–30 dagar mellan 50{NB}% (Bollnäs) och 50{NB}% (Gävle); över 60 "
        f"dagar mellan 13{NB}% (Bollnäs) och 20{NB}% (Gävle)."
    )


def test_stacked_leaves_hidden_parts_out() -> None:
    """No segment and no sum of a row with a hidden part, and no share of an unknown whole."""
    table = bands(Bollnäs=(40, 3, 10), Gävle=(100, 60, 40))
    one, share = stacked(table), stacked(table, share=True)

    assert [row["part"] for row in one.spec["layer"][0]["data"]["values"]][:2] == [
        "0–30 dagar", "över 60 dagar",
    ]  # fmt: skip
    assert one.spec["layer"][2]["data"]["values"][0]["text"] == "en del dold"
    assert {row["row"] for row in share.spec["layer"][0]["data"]["values"]} == {"Gävle"}
    assert one.alt == "Väntande: Gävle 200. Ett värde är dolt."
    assert "53" not in data(one)
    for picture in (one, share, heat(table)):
        assert '"3"' not in data(picture)


def test_stacked_alt_text_names_the_longest_and_the_shortest() -> None:
    """By name, with their sums."""
    assert stacked(FULL).alt == "Väntande, 2 staplar: störst Gävle 200, minst Bollnäs 80."
    assert stacked(bands(Bollnäs=(0, 0, 0))).alt == "Väntande: inga värden att visa."


def test_heat_shades_by_value_and_says_every_number() -> None:
    """The highest cell is strongest, nought has no shade, a hidden one says so."""
    picture = heat(bands(Bollnäs=(100, 0, 3), Gävle=(20, 21, 60)))
    shaded, said = (layer["data"]["values"] for layer in picture.spec["layer"])

    assert {row["told"]: row["shade"] for row in shaded} == {
        "Bollnäs\t\n0–30 dagar\t100": 5, "Gävle\t\n0–30 dagar\t20": 1,
        "Gävle\t\n31–60 dagar\t21": 2, "Gävle\t\növer 60 dagar\t60": 3,
    }  # fmt: skip
    assert [row["text"] for row in said] == ["100", "0", "dold", "20", "21", "60"]
    assert picture.alt == (
        "Väntande, 2 rader och 3 kolumner: högst 100 (Bollnäs, 0–30 dagar), "
        "lägst 0 (Bollnäs, 31–60 dagar). Ett värde är dolt."
    )


def test_heat_writes_its_headings_on_two_lines_at_most() -> None:
    """All on as many, the shorter ones nearest to the cells; columns grow with their names."""
    table = protected(
        {"u": ["A"], "a": [7], "b": [8]}, Column("u", "U"), Column("a", "Natt", "count"),
        Column("b", "Helg, dag, kväll och natt", "count"),
    )  # fmt: skip
    spec = heat_picture(table, label="u", parts=["a", "b"], width=10, caption="x").spec
    axis = spec["layer"][0]["encoding"]["x"]["axis"]

    assert axis["labelExpr"] == f'[["{NB}", "Natt"], ["Helg, dag,", "kväll och natt"]][datum.value]'
    assert axis["labelPadding"] > 13
    assert spec["width"] >= 2 * 84


def test_curves_tell_where_each_line_passes_half() -> None:
    """Where it begins and ends, and after how long half are left."""
    picture = curve({"Bollnäs": [1, 0.5, 0.2], "Gävle": [1, 0.9, 0.6]})

    assert picture.alt == (
        f"Väntan, efter väntetid. Bollnäs från 100{NB}% till 20{NB}% vid 60{NB}dagar, hälften vid "
        f"30{NB}dagar; Gävle från 100{NB}% till 60{NB}% vid 60{NB}dagar, aldrig under hälften."
    )
    assert picture.spec["layer"][0]["mark"]["interpolate"] == "step-after"
    names = picture.spec["layer"][-2]["data"]["values"]
    assert [(row["label"], row["position"]) for row in names] == [("Bollnäs", 60), ("Gävle", 60)]


def test_curves_tell_all_lines_that_reach_so_far() -> None:
    """At each place what every line is there, also between its own points; none beyond its end."""
    picture = curve({"Bollnäs": [1, 0.5, 0.2], "Gävle": [1, 0.9]})
    pointer = picture.spec["layer"][-1]["data"]["values"]

    assert pointer[1]["told"] == (f"Väntetid\t30{NB}dagar\nBollnäs\t50{NB}%\nGävle\t90{NB}%")
    assert pointer[2]["told"] == f"Väntetid\t60{NB}dagar\nBollnäs\t20{NB}%"


def test_plan_draws_periods_in_their_order() -> None:
    """The newest last, whichever order the table has; the forecast hollow, with its interval."""
    picture = plan(**DONE, first=[140, 140, 140, 140], **COMING)
    bars, hollow, rules, steps, first, _ = picture.spec["layer"]

    assert [row["outcome"] for row in bars["data"]["values"]] == [139, 160, 151]
    assert [row["forecast"] for row in hollow["data"]["values"]] == [140]
    assert hollow["mark"]["fillOpacity"] < 0.1
    assert [(row["low"], row["high"]) for row in rules["data"]["values"]] == [(130, 150)]
    assert [row["position"] for row in steps["data"]["values"]][:3] == [-0.5, 0.5, 0.5]
    assert first["mark"]["strokeDash"]
    assert picture.subtitle == (
        "staplar utfall · trappa gällande plan · tunn streckad årets första plan · "
        "ihåliga staplar prognos med intervall"
    )
    assert picture.alt == (
        "Plan, februari 2026 till maj 2026: utfallet når planen två månader av tre; senast 151 "
        "mot planerat 150 (april); prognos 140."
    )


def test_plan_of_a_month_under_way_is_pale_and_misses_nothing() -> None:
    """Its bar still grows: said in words, and not held against the plan."""
    running = {"outcome": [151, 160, 139, 12], "plan": [150, 150, 150, 150]}
    picture = plan(now="2026-05", **running)

    assert [row["ongoing"] for row in picture.spec["layer"][0]["data"]["values"]][-1] is True
    assert "blek stapel pågående månad" in picture.subtitle
    assert "två månader av tre; senast 151" in picture.alt


def test_wrong_charts_are_refused() -> None:
    """Parts that do not add up, names that cover each other, a period twice."""
    shares = protected({"u": ["A"], "s": [0.5]}, Column("u", "U"), Column("s", "S", "share"))
    twice = protected({"u": ["A", "A"], "n": [6, 7]}, Column("u", "U"), Column("n", "N", "count"))
    text = {"label": "u", "share": False, "width": 300, "caption": "x"}

    with pytest.raises(UsageError, match="do not add up"):
        stacked_picture(shares, parts=["s"], **text)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="two rows alike"):
        stacked_picture(twice, parts=["n"], **text)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="columns of numbers"):
        heat_picture(twice, label="u", parts=["u"], width=300, caption="x")
    with pytest.raises(UsageError, match="no period"):
        plan_picture(twice, Plan("u", "n", "n"), now=None, width=300, height=99, caption="x")
    with pytest.raises(UsageError, match="interval"):
        Plan("m", "o", "p", low="l", high="h")
    with pytest.raises(UsageError, match="at most 6 lines"):
        curve({str(n): [1, 0.5] for n in range(7)})


@pytest.mark.parametrize("palette", [PALETTE, DARK])
def test_numbers_are_read_on_every_shade(palette: dict[str, str]) -> None:
    """Ink on the paler half, paper on the stronger: 4.5:1 (WCAG 1.4.3), light and dark."""

    def luminance(name: str) -> float:
        colour = palette[name]
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for number in range(1, len(SHADES) + 1):
        over = luminance("ink" if number <= 4 else "paper")
        light, dark = sorted((over, luminance(f"shade-{number}")), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, number


def calls(page: Any, counts: dict[str, tuple[int, int, int]]) -> dict[str, Any]:
    """Each of the calls with a table of the page, as a notebook writes them."""
    frame = pd.DataFrame({"unit": pd.array(list(counts), dtype="str")})
    for number, part in enumerate(PARTS):
        frame[part] = pd.array([row[number] for row in counts.values()], dtype="Int64")
    columns = [Column("unit", "Enhet"), *(Column(p, p, "count") for p in PARTS)]
    table = page.protect(frame, table="waiting", columns=columns)
    months = page.protect(
        frame.assign(unit=MONTHS[: len(frame)]).astype({"unit": "str"}),
        table="waiting", columns=[Column("unit", "Månad", "month"), *columns[1:]],
    )  # fmt: skip
    return {
        "stacked": page.stacked(table, label="unit", parts=PARTS, caption="Väntande").block,
        "heat": page.heat(table, label="unit", parts=PARTS, caption="Väntande", id="k").block,
        "curves": page.curves(table, x="a", y="b", by="unit", caption="Väntande").block,
        "plan": page.plan(months, time="unit", outcome="a", plan="b", caption="Plan").block,
    }


def test_page_shows_each_with_its_table_and_an_id(open_page: OpenPage) -> None:
    """A chart with a table behind it; its id comes from the table and the call, or is given."""
    blocks = calls(open_page(), {"A": (10, 20, 30), "B": (11, 21, 31)})

    assert {name: block.id for name, block in blocks.items()} == {
        "stacked": "diagram-waiting-stacked", "heat": "diagram-k",
        "curves": "diagram-waiting-curves", "plan": "diagram-waiting-plan",
    }  # fmt: skip
    assert all(isinstance(block, ChartBlock) and len(block.table.rows) == 2
               for block in blocks.values())  # fmt: skip


def test_page_shows_no_chart_of_hidden_numbers(open_page: OpenPage) -> None:
    """All hidden: a sentence. Empty: words. A row hidden in the table reads dold."""
    for counts in ({"A": (1, 2, 3), "B": (3, 2, 1)}, {}):
        blocks = calls(open_page(), counts)
        assert all(isinstance(b, TableBlock) and not b.rows for b in blocks.values())
    one = calls(open_page(), {"A": (10, 20, 3), "B": (11, 21, 31)})["heat"]
    assert isinstance(one, ChartBlock)
    assert one.table.hidden
