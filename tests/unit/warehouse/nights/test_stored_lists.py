"""A stored waiting list and its facts: sealed, migrated, replaced; whole at every moment."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.manifest import read_manifest, write_manifest
from lpe_reports.warehouse.nights.snapshot_store import keep
from lpe_reports.warehouse.nights.stored_lists import Snapshot, mend_lists, read_list
from lpe_reports.warehouse.snapshots import open_extract
from reliability.trials import Tried
from small_warehouse import NIGHT, SmallOffice, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse", "A stored waiting list is never changed and never lost"
)

DAY = str(NIGHT)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A project whose only table is a waiting list of one day."""
    made = small_office(tmp_path, operations=0)
    text = (tmp_path / "params" / "sources.yml").read_text(encoding="utf-8")
    listed = "tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}"
    made.sources(text.replace(listed, "tables: {waiting_list: {}}"))
    made.tables = {"waiting_list": [waiting(n, "operation", NIGHT) for n in range(20)]}
    return made


def _list(office: SmallOffice) -> Path:
    return office.project.snapshots / "operation" / f"{DAY}.parquet"


def _read(office: SmallOffice) -> Snapshot:
    snapshot = read_list(office.project, "operation", DAY)
    assert snapshot is not None
    return snapshot


def _write(file: Path, content: bytes) -> None:
    """Write into a new file, so that no night that is linked to the old one changes."""
    file.unlink(missing_ok=True)
    file.write_bytes(content)


@pytest.mark.promise(
    "warehouse",
    "A file of a night that was cut, or has one byte flipped, is found before a number is read",
)
@pytest.mark.parametrize("suffix", [".parquet", ".json"])
def test_every_flipped_byte_is_an_error(office: SmallOffice, suffix: str, tried: Tried) -> None:
    """Whatever it says, of the rows or of the facts; list, day and what to do are named."""
    office.extract()
    file = _list(office).with_suffix(suffix)
    whole = file.read_bytes()
    file.unlink()

    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        file.write_bytes(content)
        with pytest.raises(ExtractError) as told:
            read_list(office.project, "operation", DAY)
        assert f"list of {DAY} (operation), data/snapshots/operation/{DAY}" in str(told.value)
    assert "from a backup" in str(told.value)
    tried(len(whole), "flipped bytes")


def test_a_night_on_damaged_facts_does_not_appear(office: SmallOffice) -> None:
    """One letter of a unit would give wrong numbers in every later night."""
    office.extract()
    facts = _list(office).with_suffix(".json")
    _write(facts, facts.read_bytes().replace(b'"ga-cop"', b'"ga-aop"'))

    with pytest.raises(ExtractError, match=rf"{DAY} \(operation\)"):
        office.extract()

    assert [folder.name for folder in office.project.extracts.iterdir()] == [DAY]


def test_whole_facts_of_another_day_are_damage(office: SmallOffice) -> None:
    """Two files that belong together, under a name that is not theirs."""
    office.extract()
    other = _list(office).with_name("2026-05-10.parquet")
    for suffix in (".parquet", ".json"):
        shutil.copy(_list(office).with_suffix(suffix), other.with_suffix(suffix))

    with pytest.raises(ExtractError, match=r"2026-05-10 \(operation\)"):
        read_list(office.project, "operation", "2026-05-10")


def _unseal(office: SmallOffice, change: Callable[[str], str] = str) -> None:
    """Facts as they were written before there were seals."""
    facts = _list(office).with_suffix(".json")
    content = json.loads(facts.read_bytes())
    for newer in ("sha256", "list", "day", "source"):
        del content[newer]
    _write(facts, change(json.dumps(content)).encode())


def test_facts_without_a_seal_are_told_by_the_rows_and_sealed(office: SmallOffice) -> None:
    """A store of before is read, and from then on it is as safe as a new one."""
    office.extract()
    before, night = _read(office), open_extract(office.project).read("waiting_list")
    _unseal(office)

    office.extract()

    assert "sha256" in json.loads(_list(office).with_suffix(".json").read_bytes())
    assert _read(office) == replace(before, source="")
    assert open_extract(office.project).read("waiting_list").equals(night)


@pytest.mark.parametrize(
    ("old", "new"),
    [("ga-cop", "ga-aop"), ('-11", 5,', '-11", 4,'), ("-11", "-12"), ("waiting", "x")],
)
def test_wrong_facts_without_a_seal_are_put_right(office: SmallOffice, old: str, new: str) -> None:
    """The rows tell, the file's SHA-256 being the one that was noted."""
    office.extract()
    before = _read(office)
    _unseal(office, lambda text: text.replace(old, new))

    assert _read(office) == replace(before, source="")


def test_no_facts_without_a_seal_of_another_file_pass(office: SmallOffice) -> None:
    """Nor any that are not exactly what was written then."""
    office.extract()
    sha256 = _read(office).stored.sha256
    for old, new in ((sha256, sha256[::-1]), ('"recipe"', '"recipd"'), ("{", "[")):
        _unseal_again = _list(office).with_suffix(".json").read_bytes()
        _unseal(office, lambda text, old=old, new=new: text.replace(old, new))  # type: ignore[misc]
        with pytest.raises(ExtractError, match="damaged"):
            _read(office)
        _write(_list(office).with_suffix(".json"), _unseal_again)


def test_facts_that_are_gone_are_known_to_a_night(office: SmallOffice) -> None:
    """As the message says; where no night has the very same file, it is damage."""
    office.extract()
    before = _read(office)
    facts = _list(office).with_suffix(".json")
    facts.unlink()

    assert _read(office) == replace(before, source="")

    facts.unlink()
    shutil.rmtree(office.project.extracts)
    with pytest.raises(ExtractError, match="damaged"):
        _read(office)


# Replaces the list, and dies or finds no room at the n-th change; one copy of the project each.
REPLACE = """
import errno, os, pathlib, shutil, signal, sys
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.manifest import read_manifest
from lpe_reports.warehouse.nights.snapshot_store import keep

root, fault = pathlib.Path(sys.argv[1]), sys.argv[2]
changes = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.chmod", "os.truncate"}

def watch(event, arguments):
    global left
    writes = event in changes or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
    if not writes or "snapshots" not in str(arguments[0]) + str(arguments[-3:]):
        return
    left -= 1
    if left == 0 or (left < 0 and fault == "full" and event != "os.remove"):
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

at = 0
while True:
    at += 1
    shutil.copytree(root / "before", root / str(at))
    child = os.fork()
    if child == 0:
        left = at
        sys.addaudithook(watch)
        project, folder = Project(root / str(at)), root / str(at) / "data" / "extracts" / "new"
        try:
            keep(project, folder, read_manifest(folder))
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(at - 1)
"""


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_a_list_is_replaced_or_stays_at_every_moment(
    office: SmallOffice, tmp_path: Path, fault: str
) -> None:
    """Stopped at each change to the file system; afterwards the same goes through."""
    _prepare_replacement(office, tmp_path / "stops" / "before")
    told = subprocess.run(
        [sys.executable, "-c", REPLACE, str(tmp_path / "stops"), fault],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    stops = int(told.stdout)
    assert stops >= 6

    for number in range(1, stops + 1):
        root = tmp_path / "stops" / str(number)
        project, folder = Project(root), root / "data" / "extracts" / "new"
        manifest = read_manifest(folder)
        new = manifest.tables["waiting_list"].files[0].sha256
        lists = root / "data" / "snapshots" / "operation"
        old = (lists / "old").read_text()

        mend_lists(project.snapshots)
        stands = read_list(project, "operation", DAY)
        assert stands is not None and stands.stored.sha256 in (old, new)
        assert not list(lists.glob("*.new"))

        keep(project, folder, manifest)
        replaced = read_list(project, "operation", DAY)
        assert replaced is not None and replaced.stored.sha256 == new
        names = sorted(path.name for path in lists.iterdir() if path.name != "old")
        assert names == [
            f"{DAY}.json", f"{DAY}.parquet",
            f"{DAY}.replaced-1.json", f"{DAY}.replaced-1.parquet",
        ]  # fmt: skip
        facts = json.loads((lists / f"{DAY}.replaced-1.json").read_bytes())
        assert facts["stored"][2] == old


def _prepare_replacement(office: SmallOffice, root: Path) -> None:
    """A project with a stored list, and a night that has another one for the same day."""
    office.extract()
    old = _read(office).stored.sha256
    shutil.copytree(office.project.snapshots, root / "data" / "snapshots")
    (root / "data" / "snapshots" / "operation" / "old").write_text(old)
    office.tables["waiting_list"][0]["asa"] = 4
    shutil.rmtree(office.project.snapshots)
    folder = office.extract()
    manifest = replace(read_manifest(folder), replaced=(f"operation/{DAY}",))
    write_manifest(folder, manifest)
    shutil.copytree(folder, root / "data" / "extracts" / "new")


def test_a_list_whose_successor_was_never_written_stands_again(office: SmallOffice) -> None:
    """An older version gave the stored list its second name first, and was then killed."""
    office.extract()
    before = _read(office)
    shutil.copy(
        _list(office).with_suffix(".json"), _list(office).with_name(f"{DAY}.replaced-1.json")
    )
    _list(office).rename(_list(office).with_name(f"{DAY}.replaced-1.parquet"))
    _list(office).with_suffix(".json.new").write_text("{")
    later = "2026-05-12"
    office.tables["waiting_list"] = [
        row | {"snapshot_date": NIGHT.replace(day=12)} for row in office.tables["waiting_list"]
    ]

    office.extract()

    days = open_extract(office.project).snapshot_dates("operation")
    assert [str(day) for day in days] == [DAY, later]
    assert _read(office) == before
    assert not list(office.project.snapshots.glob("*/*.new"))


def test_a_list_that_is_past_its_time_does_not_come_back(office: SmallOffice) -> None:
    """Pruned, list and facts; what it once replaced is kept for another time, and is no list."""
    office.extract()
    for suffix in (".parquet", ".json"):
        file = _list(office).with_suffix(suffix)
        file.rename(file.with_name(f"{DAY}.replaced-1{suffix}"))

    mend_lists(office.project.snapshots)

    assert read_list(office.project, "operation", DAY) is None
