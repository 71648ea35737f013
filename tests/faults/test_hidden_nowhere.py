"""What disclosure control hides exists nowhere: no byte that a night leaves holds it."""

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from every_byte import found_in, texts_of, written
from small_hospital import Hospital, Patient, Waiting, small_hospital

pytestmark = pytest.mark.promise(
    "disclosure", "A hidden number is in no byte of what a night leaves, archives included"
)

# All of a group waited so long: its mean, median and percentiles are this number. The groups are
# smaller than a tenth of any larger one, whose percentiles may be shown.
THRESHOLD = 30
PLANTED = {"Gä Dagkir": (23, 7919), "Hu - C-op": (19, 6133)}
QUEUE = {"Hu - C-op": (17, 4721), "Gä - C-op": (13, 3907)}
LARGE = {"Bo - Op-c": 420, "Gä - C-op": 380}
NUMBERS: Mapping[str, int] = {
    "days of Gä Dagkir": 7919,
    "days of Hu - C-op": 6133,
    "sum of Gä Dagkir": 23 * 7919,
    "sum of Hu - C-op": 19 * 6133,
    "days in the queue of Hu - C-op": 4721,
    "days in the queue of Gä - C-op": 3907,
}


def planted_hospital(root: Path, threshold: int) -> Hospital:
    """Two groups of patients with numbers of their own, among many with ordinary ones."""
    waits = [(unit, 30 + number % 90) for unit, count in LARGE.items() for number in range(count)]
    waits += [(unit, days) for unit, (count, days) in PLANTED.items() for _ in range(count)]
    random.Random(5).shuffle(waits)
    patients = [
        Patient(unit, days, asa=number % 3 + 1, age=40 + number % 40, sex="FM"[number % 2])
        for number, (unit, days) in enumerate(waits)
    ]
    queue = [Waiting("Bo - Op-c", 350, 40)]
    queue += [Waiting(unit, count, days) for unit, (count, days) in QUEUE.items()]
    return small_hospital(root, patients, queue, threshold=threshold)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    """A night whose policy hides groups of fewer than thirty."""
    hospital = planted_hospital(tmp_path_factory.mktemp("hidden"), THRESHOLD)
    hospital.night()
    return hospital


def left_by(hospital: Hospital) -> set[tuple[str, str]]:
    """Where planted numbers stand in what a night has left, extracts aside; in its words, too."""
    found = set()
    for folder in ("public", "build"):
        found |= {
            (f"{folder}/{place}", what)
            for place, what in found_in(hospital.root / folder, dict(NUMBERS))
        }
    return found


def test_planted_numbers_are_found_where_they_are_shown(tmp_path: Path) -> None:
    """The search sees them in every kind of file, if the policy lets them be shown."""
    hospital = planted_hospital(tmp_path / "shown", 5)
    hospital.night()

    found = left_by(hospital)

    assert {what for _, what in found} >= {"days of Gä Dagkir", "days of Hu - C-op"}
    kinds = {Path(place.partition("!")[0]).suffix for place, _ in found}
    assert {".html", ".pdf", ".xlsx", ".csv", ".json", ".ipynb", ".gz"} <= kinds


def test_hidden_numbers_are_in_no_byte(hidden: Hospital) -> None:
    """Pages, PDFs, spreadsheets, JSON, stored notebooks, traces, exposures, logs, build.json."""
    assert left_by(hidden) == set()


def test_the_night_says_no_hidden_number(hidden: Hospital) -> None:
    """Neither does the terminal."""
    assert [what for what, n in NUMBERS.items() if written(n).search(hidden.said[0])] == []


# What a page says of where its numbers come from: digests of what was read, and of the text that
# holds those; what runs cost; how large versions are, in which those stand; when they were made.
MASKED = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|(?<=made=\")[a-z]{16}(?=\")|(?<=\"made\":\")[a-z]{16}(?=\")"
    r"|(?<=\"made\": \")[a-z]{16}(?=\")"
    r"|\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{12})\b"
    r"|(?<=\"seconds\": )[\d.]+|(?<=\"seconds\":)[\d.]+|(?<=\"peak_bytes\": )\d+"
    r"|(?<=\"began\": )[\d.]+|(?<= after none\": )\d+|(?<= after \d{4}-\d\d-\d\d\": )\d+"
    r"|\d{4}-\d\d-\d\dT[\d:.+]+|(?<=store/pages/)[0-9a-f]{2}(?=/)"
)
# Files whose bytes hold digests packed; what they unfold to is compared instead.
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"PAR1")
FEW = "Gä Dagkir"


def world(root: Path, few: Sequence[Patient]) -> Hospital:
    """A night of a warehouse in which one unit has few patients."""
    rest = [
        Patient(unit, 20 + number % 30 if number % 5 else 210 + number % 80, asa=number % 3 + 1)
        for unit in LARGE
        for number in range(40)
    ]
    patients = [*rest[:30], *few, *rest[30:]]
    hospital = small_hospital(root, patients, [Waiting("Bo - Op-c", 60, 40)])
    hospital.night()
    return hospital


def everything(root: Path) -> dict[str, list[str]]:
    """All texts below a project's outputs, by place, with digests and clock times masked."""
    left: dict[str, list[str]] = {}
    for folder in ("public", "build"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            data = path.read_bytes()
            for place, text in texts_of(path.relative_to(root).as_posix(), data):
                if "!stream" in place or (place.count("!") == 0 and data.startswith(PACKED)):
                    continue
                left.setdefault(MASKED.sub("…", place), []).append(MASKED.sub("…", text))
    return {place: sorted(texts) for place, texts in left.items()}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is left where the three have waited 110, 150 and 160 days."""
    folder = tmp_path_factory.mktemp("one")
    return everything(world(folder, [Patient(FEW, days) for days in (110, 150, 160)]).root)


def test_what_is_hidden_changes_no_byte(one: dict[str, list[str]], tmp_path: Path) -> None:
    """Two warehouses that differ in hidden waits alone leave the same but for digests of answers.

    The three patients' waits have the same sum and the same sum of squares, 110 + 150 + 160 and
    120 + 130 + 170 days, so no larger group's mean or interval differs, nor its percentiles.
    """
    other = everything(world(tmp_path, [Patient(FEW, days) for days in (120, 130, 170)]).root)

    assert one.keys() == other.keys()
    assert [place for place in one if one[place] != other[place]] == []
    assert any("dold" in text for texts in one.values() for text in texts)


def test_the_comparison_sees_what_is_shown(one: dict[str, list[str]], tmp_path: Path) -> None:
    """One patient's wait among many is part of shown means: every kind of file differs."""
    other = everything(world(tmp_path, [Patient(FEW, days) for days in (110, 150, 161)]).root)

    differing = {Path(p.partition("!")[0]).suffix for p in one if one[p] != other.get(p)}
    assert {".html", ".json", ".xlsx", ".csv", ".pdf"} <= differing
