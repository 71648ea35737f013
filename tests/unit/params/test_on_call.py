"""On-call categories fill every day once, or the file is refused by name and line."""

from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.calendar import load_calendar
from lpe_reports.params.on_call import HOLIDAY
from lpe_reports.params.units import load_units

UNITS = "units:\n  - {id: hu, kind: hospital, name: Hudiksvall, short: Hu, slug: hu}\n"
HEAD = "country: SE\ndays_off: [public]\nshort_days: []\nextra_days_off: []\nclosures: []\n"
ALL_DAYS = "[1, 2, 3, 4, 5, 6, 7, holiday]"
DAY = f'{{days: {ALL_DAYS}, start: "07:00", end: "17:00"}}'
MORNING = f'{{days: {ALL_DAYS}, start: "00:00", end: "07:00"}}'
EVENING = f'{{days: {ALL_DAYS}, start: "17:00", end: "24:00"}}'


def category(name: str, *hours: str) -> str:
    lines = "".join(f"      - {line}\n" for line in hours)
    return f"  - id: {name}\n    name: {name}\n    hours:\n{lines}"


def load(tmp_path: Path, *categories: str) -> object:
    (tmp_path / "units.yml").write_text(UNITS, encoding="utf-8")
    path = tmp_path / "calendar.yml"
    path.write_text(HEAD + "on_call:\n" + "".join(categories), encoding="utf-8")
    return load_calendar(path, tmp_path, load_units(tmp_path / "units.yml", tmp_path)).on_call


def test_categories_that_fill_every_day_are_read(tmp_path: Path) -> None:
    """Night on both sides of the day."""
    night, day = load(tmp_path, category("night", MORNING, EVENING), category("day", DAY))  # type: ignore[misc]

    assert (HOLIDAY, 17 * 60, 24 * 60) in set(night.spans())
    assert {kind for kind, _, _ in day.spans()} == set(range(1, HOLIDAY + 1))


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        ([category("day", MORNING, DAY)], "Monday 17:00–24:00 has no on-call category"),
        ([category("day", DAY, EVENING)], "Monday 00:00–07:00 has no on-call category"),
        ([category("day", MORNING, EVENING)], "Monday 07:00–17:00 has no on-call category"),
        (
            [
                category("day", DAY.replace("17:00", "18:00")),
                category("night", MORNING, EVENING),
            ],
            "Monday 17:00–18:00 has two: 'day' and 'night'",
        ),
        (
            [category("all", MORNING, DAY, EVENING.replace(", holiday", ""))],
            "a holiday 17:00–24:00 has no on-call category",
        ),
        ([category("a", MORNING, DAY), category("a", EVENING)], "two on-call categories"),
        ([category("a", DAY.replace("07:00", "19:00"))], "end before they start"),
        ([category("a", DAY.replace("07:00", "7:00"))], "pattern"),
        ([category("a", DAY.replace("holiday", "eve"))], "7 or 'holiday'"),
        ([category("a", DAY.replace("[1,", "[8,"))], "7 or 'holiday'"),
    ],
)
def test_gap_or_overlap_is_a_params_error(
    tmp_path: Path, categories: list[str], words: str
) -> None:
    """The message names the file, the day and the hours."""
    with pytest.raises(ParamsError, match=words) as caught:
        load(tmp_path, *categories)

    assert str(caught.value).startswith("calendar.yml:")
