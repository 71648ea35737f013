"""The demo stands where the office stands: its own figures, by level and not number by number.

The figures are those of the office's presentation for weeks 11–19 of 2026. Tolerances are
stated at each: a week may differ as two weeks do, the mean and the direction may not.
"""

import pandas as pd
import pytest
from opened_demo import Demo

OPEN_THEATRES = {11: 16, 12: 18, 13: 18, 14: 17, 15: 12, 16: 17, 17: 19, 18: 20, 19: 18}
ORTHOPAEDIC = {12: 38, 13: 38, 14: 33, 15: 25, 16: 34, 17: 40, 18: 35, 19: 46}
ARTHROPLASTIES = {12: 22, 13: 20, 14: 17, 15: 12, 16: 24, 17: 24, 18: 19, 19: 20}
FROM_ELSEWHERE = {15: 3, 16: 7, 17: 2, 18: 7, 19: 4}
# Waiting to operation in orthopaedics, and the share within the guarantee in per cent.
WAITING = {
    "Bo - Op-c": {12: (302, 93.8), 13: (292, 94.3), 14: (309, 96.1), 15: (290, 96.9),
                  16: (280, 96.8), 17: (270, 96.6), 18: (259, 97.6), 19: (260, 97.7)},
    "Hu - C-op": {12: (235, 58.9), 13: (244, 64.4), 14: (244, 69.7), 15: (237, 69.4),
                  16: (239, 69.5), 17: (240, 66.7), 18: (253, 70.5), 19: (254, 70.5)},
}  # fmt: skip
FIRST_CONTACT = {11: (390, 88), 12: (407, 87), 13: (392, 87), 14: (382, 91), 15: (390, 89),
                 16: (403, 90), 17: (392, 90), 18: (366, 92)}  # fmt: skip


def week_of(times: "pd.Series[pd.Timestamp]") -> "pd.Series[int]":
    """ISO week numbers, for rows of 2026 only."""
    return times[times >= pd.Timestamp(2025, 12, 29)].dt.isocalendar().week.astype(int)


def in_bollnas(demo: Demo) -> pd.DataFrame:
    """Orthopaedic operations in Bollnäs in 2026, with their week."""
    mine = demo.operations
    mine = mine[(mine["operating_unit"] == "Bo - Op-c") & (mine["section"] == "Ort")]
    return mine.assign(week=week_of(mine["surgery_start_at"])).dropna(subset="week")


def waiting(demo: Demo, where: str) -> pd.DataFrame:
    """Waiting and share within the guarantee (per cent) at the end of each week of 2026."""
    return demo.ask(
        f"""
        SELECT week(snapshot_date - 7) AS week, count(*) AS waiting,
          100 * avg(CAST(snapshot_date - since_date <= 90 AS INTEGER))
            FILTER (guarantee AND deviation = 'none') AS share
        FROM waiting_list
        WHERE {where} AND snapshot_date BETWEEN '2026-03-01' AND '2026-05-11'
          AND dayofweek(snapshot_date) = 1
        GROUP BY 1 ORDER BY 1
        """
    ).set_index("week")


@pytest.mark.parametrize(
    ("unit", "count", "total", "mean"),
    [("Gä - C-op", 40, 8744, 218.60), ("Hu - C-op", 21, 2929, 139.48),
     ("Bo - Op-c", 154, 12968, 84.21)],
)  # fmt: skip
def test_ngb49_of_2025_is_exact(demo: Demo, unit: str, count: int, total: int, mean: float) -> None:
    """Number, sum and mean of days from decision to operation are the office's own."""
    days = ngb49_days(demo)[unit]

    assert (len(days), int(days.sum())) == (count, total)
    assert round(days.mean(), 2) == mean
    assert 20 < days.std() < 90


def test_ngb49_of_2025_is_done_at_three_units_only(demo: Demo) -> None:
    """The whole table: 215 operations, 114.61 days on average."""
    days = ngb49_days(demo)

    assert set(days.index.get_level_values(0)) == {"Gä - C-op", "Hu - C-op", "Bo - Op-c"}
    assert len(days) == 215
    assert round(days.mean(), 2) == 114.61


def ngb49_days(demo: Demo) -> "pd.Series[int]":
    """Days from decision to operation of every NGB49 in 2025, by operating unit."""
    mine = demo.operations[demo.operations["procedure_code"] == "NGB49"]
    mine = mine[mine["surgery_start_at"].dt.year == 2025].set_index("operating_unit", drop=False)
    return (mine["surgery_start_at"].dt.normalize() - mine["decided_at"].dt.normalize()).dt.days


def test_open_theatres_in_bollnas_are_at_the_offices_level(demo: Demo) -> None:
    """Within 3 in a whole week and 5 in one with a day off; the week after Easter is the lowest."""
    mine = demo.sessions[
        (demo.sessions["operating_unit"] == "Bo - Op-c") & (demo.sessions["status"] == "open")
    ].drop_duplicates(["theatre", "date"])
    counts = week_of(mine["date"]).value_counts()[list(OPEN_THEATRES)]

    for week, figure in OPEN_THEATRES.items():
        assert abs(counts[week] - figure) <= (5 if week in (14, 15, 18) else 3), week
    assert counts.idxmin() == 15
    assert abs(counts.mean() - 17.2) < 1.5


def test_operations_in_bollnas_are_at_the_offices_level(demo: Demo) -> None:
    """Orthopaedic operations: 36 a week on average ± 3, each week 20–50, most after Easter week."""
    counts = in_bollnas(demo)["week"].value_counts()[list(ORTHOPAEDIC)]

    assert abs(counts.mean() - sum(ORTHOPAEDIC.values()) / 8) < 3
    assert counts.between(20, 50).all()
    assert counts.idxmin() == 15


def test_arthroplasties_are_at_the_offices_level(demo: Demo) -> None:
    """Hip and knee prostheses: 20 a week on average ± 3, each week 9–28."""
    mine = in_bollnas(demo)
    joints = mine[mine["procedure_code"].str.startswith(("NFB", "NGB"))]
    counts = joints["week"].value_counts()[list(ARTHROPLASTIES)]

    assert abs(counts.mean() - sum(ARTHROPLASTIES.values()) / 8) < 3
    assert counts.between(9, 28).all()


def test_patients_from_elsewhere_are_at_the_offices_level(demo: Demo) -> None:
    """Gävle's and Hudiksvall's patients in Bollnäs: 4.6 a week on average ± 2, each week 1–10."""
    mine = in_bollnas(demo)
    others = mine[mine["patient_home"].isin(["Gävle", "Hudiksvall"])]
    counts = others["week"].value_counts()[list(FROM_ELSEWHERE)]

    assert abs(counts.mean() - 4.6) < 2
    assert counts.between(1, 10).all()


@pytest.mark.parametrize(("unit", "people", "points"), [("Bo - Op-c", 20, 5), ("Hu - C-op", 18, 7)])
def test_waiting_to_operation_is_at_the_offices_level(
    demo: Demo, unit: str, people: int, points: int
) -> None:
    """Each week within so many people and percentage points of the office's own."""
    found = waiting(demo, f"list = 'operation' AND section = 'Ort' AND unit = '{unit}'")

    for week, (level, share) in WAITING[unit].items():
        assert abs(found.loc[week, "waiting"] - level) <= people, week
        assert abs(found.loc[week, "share"] - share) <= points, week


def test_waiting_moves_as_the_offices_lists_do(demo: Demo) -> None:
    """Bollnäs shrinks, Hudiksvall grows a little and its share within the guarantee rises."""
    bollnas = waiting(demo, "list = 'operation' AND section = 'Ort' AND unit = 'Bo - Op-c'")
    hudiksvall = waiting(demo, "list = 'operation' AND section = 'Ort' AND unit = 'Hu - C-op'")

    assert bollnas.loc[12, "waiting"] - bollnas.loc[19, "waiting"] > 20
    assert hudiksvall.loc[19, "waiting"] - hudiksvall.loc[12, "waiting"] > 5
    assert hudiksvall.loc[19, "share"] - hudiksvall.loc[12, "share"] > 4


def test_orthopaedic_queue_grew_and_then_shrank(demo: Demo) -> None:
    """Bollnäs had clearly more waiting in the winter of 2025 than before and after."""
    by_day = demo.ask(
        """
        SELECT snapshot_date AS day, count(*) AS waiting FROM waiting_list
        WHERE list = 'operation' AND unit = 'Bo - Op-c' AND section = 'Ort' GROUP BY 1
        """
    ).set_index("day")["waiting"]
    first, most, last = by_day["2023-01-02"], by_day["2025-01-06"], by_day["2026-05-11"]

    assert most > 1.3 * first and most > 1.5 * last


def test_first_contact_in_bollnas_is_at_the_offices_level(demo: Demo) -> None:
    """Each week within 30 people and 6 percentage points of the office's own."""
    found = waiting(demo, "unit = 'Ortopedmottagning Bollnäs'")

    for week, (level, share) in FIRST_CONTACT.items():
        assert abs(found.loc[week, "waiting"] - level) <= 30, week
        assert abs(found.loc[week, "share"] - share) <= 6, week


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_volumes_are_those_of_the_contract(demo: Demo, healthy: pd.DataFrame, year: int) -> None:
    """About 16,000 operations with anaesthesia a year, 4,500 unplanned, 6,000–7,000 sessions."""
    mine = healthy[healthy["surgery_start_at"].dt.year == year]
    sessions = (demo.sessions["date"].dt.year == year).sum()

    assert 15_200 <= mine["anaesthesia_staff"].sum() <= 16_800
    assert 4_300 <= (mine["urgency"] == "emergency").sum() <= 4_800
    assert 6_000 <= sessions <= 7_000


def test_about_4500_wait_for_an_operation(demo: Demo) -> None:
    """The whole list to operation keeps its level through the years."""
    counts = demo.ask(
        "SELECT count(*) AS n FROM waiting_list WHERE list = 'operation' GROUP BY snapshot_date"
    )["n"]

    assert counts.between(4_200, 4_900).all()


def test_theatres_are_used_as_theatres_are(demo: Demo, healthy: pd.DataFrame) -> None:
    """Patients are in the theatre 75–88 per cent of open session hours, at every unit."""
    opened = demo.sessions[demo.sessions["status"] == "open"]
    opened = opened[opened["date"] < pd.Timestamp(2026, 5, 11)]
    stays = healthy.assign(date=healthy["patient_in_at"].dt.normalize())
    both = opened.merge(stays[["theatre", "date", "patient_in_at", "patient_out_at"]],
                        on=["theatre", "date"], how="left")  # fmt: skip
    inside = both[["patient_out_at", "end_at"]].min(axis=1, skipna=False) - both[
        ["patient_in_at", "start_at"]
    ].max(axis=1, skipna=False)
    used = inside.clip(lower=pd.Timedelta(0)).groupby(both["operating_unit"]).sum()
    available = (opened["end_at"] - opened["start_at"]).groupby(opened["operating_unit"]).sum()

    assert (used / available).between(0.75, 0.88).all()


def test_theatres_end_as_hudiksvalls_did_in_january(healthy: pd.DataFrame) -> None:
    """Most days end between 14 and 17; the office had 70 per cent, and about 10 later."""
    mine = healthy[healthy["theatre"].str.match("Hu C-op 0[1-5]")]
    mine = mine[(mine["urgency"] == "elective") & (mine["surgery_start_at"].dt.month == 1)]
    out = mine.groupby(["theatre", mine["patient_in_at"].dt.date])["patient_out_at"].max()
    hour = out.dt.hour + out.dt.minute / 60

    assert 0.6 < ((hour >= 14) & (hour < 17)).mean() < 0.9
    assert 0.02 < (hour >= 17).mean() < 0.2


def test_surgeons_from_elsewhere_operate_in_bollnas(demo: Demo) -> None:
    """Some of both surgery and orthopaedics in Bollnäs is done by Gävle's and Hudiksvall's."""
    mine = demo.operations[demo.operations["operating_unit"] == "Bo - Op-c"]
    visiting = (mine["surgeon_home"] != "Bollnäs").groupby(mine["section"]).mean()

    assert 0.1 < visiting["Ort"] < 0.5 and 0.3 < visiting["Kir"] < 0.9
