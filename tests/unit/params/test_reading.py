"""Params files: whatever is wrong is named with file and line, and nothing is guessed."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.calendar import load_calendar
from lpe_reports.params.reading import MAX_BYTES, ParamsModel, read_model
from lpe_reports.params.units import load_units

pytestmark = pytest.mark.promise(
    "params", "A params file that is wrong is one error that names file and line"
)

UNITS = """\
units:
  - {id: hu, kind: hospital, name: Hudiksvall, short: Hu, slug: hu}
  - id: hu-cop
    kind: operating_unit
    name: Centraloperation
    short: Hu - C-op
    slug: hu-cop
    hospital: hu
"""


class Small(ParamsModel):
    name: str
    on: bool
    days: list[int]
    since: date


GOOD = "name: a\non: true\ndays:\n  - 1\n  - 2\nsince: 2026-05-11\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD + "extra: 1\n", 7, "unknown key 'extra'"),
        ("name: a\non: true\nsince: 2026-05-11\n", 1, "'days' is missing"),
        (GOOD.replace("on: true", "on: no"), 2, "valid boolean"),
        (GOOD.replace("name: a", "name: 7"), 1, "valid string"),
        (GOOD.replace("  - 2", '  - "2"'), 5, "valid integer"),
        (GOOD.replace("2026-05-11", "2026-02-30"), None, ""),
        (GOOD + "name: b\n", 7, "duplicate key"),
        (GOOD.replace("  - 1", "\t- 1"), 4, "a tab"),
        (GOOD.replace("name: a", "name: \ta"), 1, "a tab"),
        ("- a\n- b\n", 1, "expected keys"),
        ("name: [a\n", None, ""),
        ("", 1, "expected keys"),
    ],
)
def test_wrong_params_are_named_with_file_and_line(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    """Each mistake is one error that begins with the file, and its line where there is one."""
    path = tmp_path / "params" / "small.yml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ParamsError) as caught:
        read_model(path, Small, tmp_path)

    assert str(caught.value).startswith("params/small.yml")
    assert words in str(caught.value)
    if line is not None:
        assert caught.value.line == line


def test_a_choice_says_what_there_is_and_what_was_written(tmp_path: Path) -> None:
    """So that a misspelling is seen beside what was meant."""
    path = tmp_path / "units.yml"
    path.write_text(UNITS.replace("kind: hospital", "kind: hopsital"), encoding="utf-8")

    with pytest.raises(ParamsError, match=r"expected 'hospital', .* got 'hopsital'"):
        load_units(path, tmp_path)


def test_good_params_become_the_object(tmp_path: Path) -> None:
    """What is right is read as it stands."""
    path = tmp_path / "small.yml"
    path.write_text(GOOD, encoding="utf-8")

    small = read_model(path, Small, tmp_path)

    assert small == Small(name="a", on=True, days=[1, 2], since=date(2026, 5, 11))


def test_missing_and_oversized_files_are_errors(tmp_path: Path) -> None:
    """No file, a file that is not UTF-8 and a huge one are refused by name."""
    with pytest.raises(ParamsError, match="missing"):
        read_model(tmp_path / "small.yml", Small, tmp_path)

    (tmp_path / "latin.yml").write_bytes("name: Gävle".encode("cp1252"))
    with pytest.raises(ParamsError, match="UTF-8"):
        read_model(tmp_path / "latin.yml", Small, tmp_path)

    (tmp_path / "huge.yml").write_text("name: a\n" + "# x\n" * (MAX_BYTES // 4))
    with pytest.raises(ParamsError, match="larger"):
        read_model(tmp_path / "huge.yml", Small, tmp_path)


def test_yaml_bomb_does_not_unfold(tmp_path: Path) -> None:
    """Aliases that multiply are refused or fail to fit; they never fill the memory."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]
    (tmp_path / "bomb.yml").write_text("\n".join(lines))

    with pytest.raises(ParamsError):
        read_model(tmp_path / "bomb.yml", Small, tmp_path)


def test_unit_named_no_is_an_unknown_unit(tmp_path: Path) -> None:
    """`unit: no` is the word no, and no unit: the error says on which line."""
    (tmp_path / "units.yml").write_text(UNITS, encoding="utf-8")
    units = load_units(tmp_path / "units.yml", tmp_path)
    (tmp_path / "calendar.yml").write_text(
        "country: SE\ndays_off: [public]\nshort_days: []\nextra_days_off: []\nclosures:\n"
        "  - unit: no\n    start: 2026-06-29\n    end: 2026-09-13\n    name: Stängt\n"
    )

    with pytest.raises(ParamsError, match=r"calendar\.yml:6: no unit 'no'"):
        load_calendar(tmp_path / "calendar.yml", tmp_path, units)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: hu-cop", "id: hu", "two units have the id"),
        ("hospital: hu\n", "hospital: xx\n", "'xx'"),
        ("slug: hu-cop", "slug: Hu Cop/1", "slug"),
        ("kind: operating_unit", "kind: ward", "kind"),
    ],
)
def test_units_that_do_not_fit_together_are_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Ids differ, named hospitals exist, slugs can stand in an address."""
    (tmp_path / "units.yml").write_text(UNITS.replace(old, new), encoding="utf-8")

    with pytest.raises(ParamsError, match=words):
        load_units(tmp_path / "units.yml", tmp_path)


@pytest.mark.parametrize("sign", ["\\u202e", "\\0", "\\e", "\\u2028", "\\uFEFF", "\\uFFFE"])
def test_a_name_with_signs_that_cannot_be_seen_is_refused(tmp_path: Path, sign: str) -> None:
    """A forced direction would write the menu beside it backwards: told with file and line."""
    hostile = UNITS.replace("name: Centraloperation", f'name: "Central{sign}operation"')
    (tmp_path / "units.yml").write_text(hostile, encoding="utf-8")

    with pytest.raises(ParamsError, match=r"units\.yml:5: holds a sign that cannot be seen"):
        load_units(tmp_path / "units.yml", tmp_path)
