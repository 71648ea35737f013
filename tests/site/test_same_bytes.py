"""The same extract gives the same candidate, byte for byte, whoever builds it, where and when."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.render.build_record import TIMES
from small_hospital import Patient, Waiting, small_hospital
from small_warehouse import NIGHT
from swedish_locale import SOURCE as SWEDISH
from swedish_locale import swedish_locale

pytestmark = pytest.mark.promise(
    "clock",
    "The same extract gives the same site, byte for byte, whoever builds it, where and when",
)

UNITS = ("Bo - Op-c", "Gä - C-op", "Hu - C-op")
PACKS = """packs:
  - id: mote
    title: Möte
    about: Beslut om det mesta.
    periods: {kind: week, last: 1}
    pages:
      - {report: weekly, units: [ortopedi]}
"""


@dataclass(frozen=True)
class Office:
    """Somebody's machine: the project's folder, who builds in it, and how it is set up."""

    root: Path
    user: str
    zone: str
    locale: str
    seed: str
    umask: str
    jobs: str
    more: Mapping[str, str] = field(default_factory=dict)

    def lpe(self, *arguments: str) -> None:
        """Run the command line in the project's folder."""
        home = self.root.parent / f"home of {self.user}"
        home.mkdir(exist_ok=True)
        program = Path(sys.executable).parent / "lpe"
        command = ["sh", "-c", 'umask "$1"; shift; exec "$@"', "sh", self.umask, program]
        own = {
            "HOME": home, "USER": self.user, "LOGNAME": self.user, "TZ": self.zone,
            "LC_ALL": self.locale, "LANG": self.locale, "PYTHONHASHSEED": self.seed,
            **self.more,
        }  # fmt: skip
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.root, env=os.environ | {key: str(value) for key, value in own.items()},
            capture_output=True, text=True, encoding="utf-8", timeout=280, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def build(self) -> dict[str, bytes]:
        """The candidate's files by their place in it."""
        self.lpe("build", "--renderer", "pandoc", "--jobs", self.jobs)
        folder = self.root / "build" / "candidate"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="module")
def candidates(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """Two builds of one extract that have nothing else in common; the second speaks Swedish."""
    folder = tmp_path_factory.mktemp("offices")
    (folder / "locale").mkdir()
    swedish = swedish_locale(folder / "locale") if SWEDISH.exists() else {}
    first = Office(folder / "a", "anna", "UTC", "C", "0", "022", "1")
    second = Office(
        folder / "längre bort" / "i en annan mapp", "björn", "Asia/Kathmandu", "C.UTF-8", "77",
        "077", "2", swedish,
    )  # fmt: skip
    patients = [
        Patient(UNITS[number % 3], 20 + number % 90, asa=number % 3 + 1, sex="FM"[number % 2])
        for number in range(240)
    ]
    small_hospital(first.root, patients, [Waiting(unit, 60, 40) for unit in UNITS])
    (first.root / "params" / "packs.yml").write_text(PACKS, "utf-8")
    first.lpe("extract", "--as-of", str(NIGHT))
    shutil.copytree(first.root, second.root)
    return [office.build() for office in (first, second)]


def test_the_same_extract_gives_the_same_bytes_anywhere(
    candidates: list[dict[str, bytes]],
) -> None:
    """Pages, PDFs, packs, Excel files, data, search: not one byte but declared times differs."""
    first, second = candidates

    assert first.keys() == second.keys()
    assert {place.rpartition(".")[2] for place in first} >= {"html", "pdf", "xlsx", "parquet"}
    assert any(place.startswith("motesunderlag/mote/") for place in first)
    different = {place for place in first if first[place] != second[place]}
    assert different <= {"build.json"}


def test_only_declared_times_differ_in_the_record_of_the_build(
    candidates: list[dict[str, bytes]],
) -> None:
    """How many seconds each run took, and nothing else."""
    records = [json.loads(files["build.json"]) for files in candidates]

    assert [sorted(run["report"] for run in each["runs"]) for each in records] == [
        ["procedure", "weekly"]
    ] * 2
    assert all(run.keys() >= TIMES for each in records for run in each["runs"])
    assert _without_times(records[0]) == _without_times(records[1])


def _without_times(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_times(each) for key, each in value.items() if key not in TIMES}
    if isinstance(value, list):
        return [_without_times(each) for each in value]
    return value


def test_nothing_of_the_place_or_the_builder_is_in_a_candidate(
    candidates: list[dict[str, bytes]],
) -> None:
    """Neither folder, home nor name."""
    for files in candidates:
        assert not list(_traces(files, (b"ngre bort", b"home of", b"Kathmandu", b"/offices")))


def _traces(files: Mapping[str, bytes], words: tuple[bytes, ...]) -> Iterator[str]:
    for place, data in files.items():
        if any(word in data for word in words):
            yield place
