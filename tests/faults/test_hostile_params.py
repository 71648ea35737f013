"""Params files that are made to do harm: each is one clear error within a second, and no more.

What is told names the file, and the line where there is one; nothing unfolds, nothing is waited
for, and no sign of a file reaches a terminal that it could steer.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import lpe
from lpe_reports.errors import ParamsError, UsageError
from lpe_reports.params.citations import load_citations
from lpe_reports.params.moved import load_moved
from lpe_reports.params.packs import load_packs
from lpe_reports.params.procedures import load_procedures
from lpe_reports.params.reading import MAX_BYTES, ParamsModel, read_model
from lpe_reports.params.reports import load_reports
from lpe_reports.params.units import load_units
from params_objects import ROOT

pytestmark = pytest.mark.promise(
    "params", "A params file that is wrong is one error that names file and line"
)
NO_FILE = pytest.mark.promise(
    "params",
    "A link, folder, pipe or device in place of a params file is told, and not waited for",
)
NAMES = pytest.mark.promise(
    "params", "No name leaves its folder, steers a terminal or is taken for another"
)

SECOND = 1.0  # of the processor's time: the clock's own is also others'
FLAT = "name: a\nanything:\n"
BOMB = [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
MERGES = [f"  a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 18)]


class Anything(ParamsModel):
    name: str
    on: bool = True
    days: list[int] = []
    value: float = 0.0
    anything: Any = None


def _filled(line: str) -> str:
    return (line * (MAX_BYTES // len(line)))[: MAX_BYTES - 100]


FLOODS = {
    "references that multiply": FLAT + "  a0: &a0 [x, x]\n" + "\n".join(BOMB),
    "a long text referred to by thousands": FLAT
    + f"  a: &a {'x' * 9000}\n  b:\n"
    + "  - *a\n" * 15_000,
    "merged keys that multiply": FLAT + "  a0: &a0 {k: 1}\n" + "\n".join(MERGES),
    "merged keys of nothing": FLAT + "  a0: &a0 {}\n" + "\n".join(MERGES),
    "a mapping in itself": "name: a\nanything: &a {b: *a}\n",
    "a merge of itself": "name: a\nanything: &a\n  <<: *a\n",
    "10,000 levels, in brackets": "name: a\nanything:\n" + "  [\n" * 10_000,
    "10,000 levels, in dashes": "name: a\nanything:\n" + "- " * 4_000,
    "many keys": FLAT + "".join(f"  k{n}: {n}\n" for n in range(40_000))[: MAX_BYTES - 100],
    "many items": FLAT + _filled("- 1\n"),
    "many items in a line": FLAT + "  [" + "1," * 4_000 + "]\n" + _filled("# x\n"),
    "many keys that are mappings": FLAT + _filled("  ? {a: 1}\n  : b\n"),
    "many documents": _filled("---\n"),
    "many empty lines": "- a\n" + _filled("\n"),
    "many comments": "- a\n" + _filled("# x\n"),
    "a text of many lines": "- >\n" + _filled("  a\n"),
    "a quotation that never ends": "name: '" + _filled("a\n\n"),
    "a line without end": "name: " + "x" * (MAX_BYTES - 100),
    "many tags": "name: " + "!" * 9_000 + "\n",
    "a number without end": "days: [" + "1" * 9_000 + "]\n",
    "a decimal without end": "value: 0." + "1" * 9_000 + "\n",
    "many unknown keys": "".join(f"k{n}: 1\n" for n in range(9_000)),
    "many wrong items": "name: a\ndays:\n" + "- x\n" * 18_000,
    "10 MB": "name: a\n" + "# x\n" * 2_500_000,
}

# What stands there, the line that is told, and words of what is told.
ODD: dict[str, tuple[bytes | str, int, str]] = {
    "NUL": (b"name: a\0b\n", 1, "cannot be seen"),
    "BOM in the middle": ("on: true\n\ufeffname: a\n", 2, "cannot be seen"),
    "UTF-16": ("name: a\n".encode("utf-16"), 1, "not UTF-8"),
    "cp1252": ("on: true\nname: Gävle\n".encode("cp1252"), 2, "not UTF-8"),
    "a sign that is half": (b"name: \xed\xa0\x80\n", 1, "not UTF-8"),
    "half a sign by number": ('name: "\\ud800"\n', 1, "cannot be seen"),
    "no sign by number": ('on: true\nname: "\\Uffffffff"\n', 2, "not YAML"),
    "a sign that steers terminals": (b"name: a\n\x1b[31mon: true\n", 2, "cannot be seen"),
    "the same by number": ('name: a\n"\\e[31m": 1\n', 2, "cannot be seen"),
    "a forced direction in a comment": ("name: a # \u202e\n", 1, "cannot be seen"),
    "a tab": ("name: a\nanything:\n\tb: 1\n", 3, "tab"),
    "a key twice": ("name: a\nname: b\n", 2, "each key stands once"),
    "a key twice, deep": ("name: a\nanything:\n  b: [{c: 1, c: 2}]\n", 3, "each key stands once"),
    "a date as key": ("name: a\n2026-05-11: 1\n", 2, "write it in quotes: '2026-05-11'"),
    "a number as key": ("name: a\nanything: {1: 2}\n", 2, "write it in quotes: '1'"),
    "a truth as key": ("name: a\nanything: {true: 2}\n", 2, "write it in quotes: 'true'"),
    "nothing as key": ("name: a\n~: 1\n", 2, "a key that is no text"),
    "a list as key": ("? [a]\n: b\n", 1, "a key that is no text"),
    "more than any number": ("name: a\nvalue: 1e999\n", 2, "larger than any number"),
    "infinite": ("name: a\nvalue: -.inf\n", 2, "no number"),
    "no number": ("name: a\nvalue: .nan\n", 2, "no number"),
    "a leading nought": ("name: a\ndays: [010]\n", 2, "plain digits"),
    "octal": ("name: a\ndays: [0o10]\n", 2, "plain digits"),
    "hexadecimal": ("name: a\ndays: [0x10]\n", 2, "plain digits"),
    "digits parted by a low line": ("name: a\ndays: [1_0]\n", 2, "plain digits"),
    "no as a truth": ("name: a\non: no\n", 2, "boolean"),
    "a time of day": ("name: a\nanything: 2026-05-11 10:00:00\n", 2, "a time of day"),
    "no day": ("name: a\nanything: 2026-02-30\n", 2, "no day 2026-02-30"),
    "a day before all": ("name: a\nanything: 0000-01-01\n", 2, "no day 0000-01-01"),
    "Python": ("name: !!python/object/apply:os.system [a]\n", 1, "means nothing here"),
    "a tag": ("name: !own a\n", 1, "the tag '!own'"),
    "a tag that does not fit": ("on: !!bool maybe\n", 1, "'!!bool'"),
    "bytes": ("name: !!binary aGVq\n", 1, "'!!binary'"),
    "a set": ("name: a\nanything: !!set {a, b}\n", 2, "'!!set'"),
    "old YAML": ("%YAML 1.1\n---\nname: a\n", 2, "begins with '%'"),
    "tags made shorter": ("%TAG ! tag:x,2000:\n---\nname: !a b\n", 2, "begins with '%'"),
    "two documents": ("name: a\n---\nname: b\n", 2, "a file holds one"),
    "a reference to nothing": ("name: *a\n", 1, "undefined alias"),
    "a merge of a word": ("name: a\nanything:\n  <<: word\n", 3, "another mapping"),
    "a colon": ("name: a: b\n", 1, "put the text in quotes"),
    "an unlike column": ("anything:\n    a: 1\n  b: 2\n", 3, "another column"),
    "nothing": ("", 1, "key: value"),
    "a word": ("word\n", 1, "key: value"),
    "a key of two lines": ('name: a\n"a\\nb": 1\n', 2, "unknown key 'a b'"),
    "a long key": (f"name: a\n? {'k' * 5000}\n: 1\n", 2, "…'"),
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes | str], object]:
    """Read a text as a params file."""
    path = tmp_path / "params" / "odd.yml"
    path.parent.mkdir()

    def read_one(text: bytes | str) -> object:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_model(path, Anything, tmp_path)

    return read_one


_READ_ALL = """
import json, sys, time
from pathlib import Path
from lpe_reports.errors import ParamsError
from lpe_reports.params.reading import ParamsModel, read_model
import lpe_reports.params.documents
class Anything(ParamsModel):
    name: str
    days: list[int] = []
    anything: object = None
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
except ImportError:
    pass  # Windows has no such limit
root = Path(sys.argv[1])
for number in range(int(sys.argv[2])):
    begun = time.process_time()
    try:
        said = repr(read_model(root / f"{number}.yml", Anything, root))
    except ParamsError as error:
        said = f"told: {error}"
    print(json.dumps([time.process_time() - begun, said]))
"""


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, str]]:
    """What became of each flood, and in how many seconds; in 400 MB of memory for all."""
    folder = tmp_path_factory.mktemp("floods")
    for number, text in enumerate(FLOODS.values()):
        (folder / f"{number}.yml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(folder), str(len(FLOODS))],
        capture_output=True, encoding="utf-8", timeout=200, check=False,
    )  # fmt: skip

    assert done.stderr == ""
    return dict(zip(FLOODS, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.promise(
    "params",
    "A params file of 10 MB, or one that unfolds without end, is refused within a second",
)
@pytest.mark.parametrize("what", FLOODS)
def test_flood_is_told_within_a_second_and_little_memory(
    flooded: dict[str, tuple[float, str]], what: str
) -> None:
    """Whatever is repeated: depth, references, keys, lines, digits."""
    seconds, said = flooded[what]

    assert said.startswith("told: ")
    assert len(said) < 300
    assert seconds < SECOND


@pytest.mark.parametrize("what", ODD)
def test_odd_file_is_told_with_its_line(read: Callable[[bytes | str], object], what: str) -> None:
    """What no reader sees, what YAML takes for something else, what is for programs only."""
    text, line, words = ODD[what]
    with pytest.raises(ParamsError) as caught:
        read(text)

    assert str(caught.value).startswith(f"params/odd.yml:{line}: ")
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_what_only_looks_odd_is_read(read: Callable[[bytes | str], object]) -> None:
    """BOM at the front, ends of lines of all systems, `no` as a word, references, merged keys."""
    text = (
        b"\xef\xbb\xbfname: no\r\non: true\rdays: [-1, 0, 2]\nvalue: 1.5e3\n"
        b"anything:\n  a: &a {k: 1, l: 2}\n  b: {<<: *a, l: 3}\n  c: [*a, {<<: [*a, {m: 4}]}]\n"
    )

    assert read(text) == Anything(
        name="no",
        days=[-1, 0, 2],
        value=1500.0,
        anything={
            "a": {"k": 1, "l": 2},
            "b": {"l": 3, "k": 1},
            "c": [{"k": 1, "l": 2}, {"k": 1, "l": 2, "m": 4}],
        },
    )


def _loop(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


PLACES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link that leads to itself": (_loop, "cannot be read"),
    "a link that leads nowhere": (lambda path: path.symlink_to("gone"), "not there"),
    "a folder": (lambda path: path.mkdir(), "a folder"),
    "a pipe that nobody writes to": (lambda path: os.mkfifo(path), "a device or a pipe"),
    "a device without end": (lambda path: path.symlink_to("/dev/zero"), "a device or a pipe"),
}


@NO_FILE
@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX's")
@pytest.mark.parametrize("what", PLACES)
def test_what_is_no_file_is_told(tmp_path: Path, what: str) -> None:
    """Also where the file may be left out: only one that is not there at all is none."""
    put, words = PLACES[what]
    loaders: list[Callable[[Path, Path], object]] = [
        load_units,
        load_moved,
        load_citations,
        lambda path, root: load_packs(path, root, {}),
    ]
    for load in loaders:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        put(folder / "some.yml")
        with pytest.raises(ParamsError, match=words) as caught:
            load(folder / "some.yml", folder)

        assert str(caught.value).startswith("some.yml: ")


@NO_FILE
@pytest.mark.skipif(sys.platform == "win32", reason="access rights are POSIX's")
def test_unreadable_file_is_told(tmp_path: Path) -> None:
    """By an account that may not read it."""
    path = tmp_path / "some.yml"
    path.write_text("name: a\n", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this account reads everything")

    with pytest.raises(ParamsError, match=r"some\.yml: the file cannot be read \(Permission"):
        read_model(path, Anything, tmp_path)


@NO_FILE
@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_name_that_no_file_has_is_told(tmp_path: Path, name: str) -> None:
    """As a params error, whatever the system calls it."""
    with pytest.raises(ParamsError):
        read_model(tmp_path / name, Anything, tmp_path)


def test_check_tells_every_hostile_file_and_ends(tmp_path: Path) -> None:
    """All of a project's files at once: exit code 9, each is named, no traceback."""
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "_quarto.yml", tmp_path)
    names = ["calendar", "glossary", "sources", "site", "disclosure", "retention"]
    for name, flood in zip(names, FLOODS.values(), strict=False):
        (tmp_path / "params" / f"{name}.yml").write_text(flood, encoding="utf-8")
    (tmp_path / "params" / "moved.yml").unlink()
    (tmp_path / "params" / "moved.yml").mkdir()
    (tmp_path / "params" / "reports" / "nul.yml").write_bytes(b"\0")
    told = lpe(tmp_path, "check")

    said = told.stdout + told.stderr
    assert told.returncode == 9, said
    assert "Traceback" not in said
    for name in (*names, "moved", "reports/nul"):
        assert f"params/{name}.yml" in said


UNIT = {
    "id": "gavle", "kind": "hospital", "name": "Gävle sjukhus", "short": "Gävle", "slug": "gavle",
}  # fmt: skip


def _units(folder: Path, *changes: dict[str, str]) -> list[str]:
    lines = ["units:"]
    for change in changes:
        # (JSON is YAML, too.)
        lines.append(f"  - {json.dumps(UNIT | change, ensure_ascii=False)}")
    (folder / "units.yml").write_text("\n".join(lines), encoding="utf-8")
    return [unit.name for unit in load_units(folder / "units.yml", folder)]


@NAMES
@pytest.mark.parametrize("name", ["Åsele/Ö (väst) & norr", "Hjärta: lungor, kärl", "α-enheten"])
def test_unit_may_be_called_so(tmp_path: Path, name: str) -> None:
    """A name is for people: letters of the language, a slash, a colon."""
    assert _units(tmp_path, {"name": name}) == [name]


@NAMES
@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ([{"slug": "gävle"}], 2, "small letters a–z"),
        ([{"slug": "a/b"}], 2, "small letters a–z"),
        ([{"slug": "../up"}], 2, "small letters a–z"),
        ([{"slug": "Gavle"}], 2, "small letters a–z"),
        ([{"slug": "gаvle"}], 2, "small letters a–z"),  # with a Cyrillic а
        ([{"slug": "x" * 300}], 2, "at most 60"),
        ([{"id": "å"}], 2, "small letters a–z"),
        ([{"name": "x" * 300}], 2, "at most 120"),
        ([{"short": "x" * 300}], 2, "at most 40"),
        ([{"name": ""}], 2, "at least 1"),
        ([{"name": "Gаvle"}], 2, "CYRILLIC and LATIN"),
        ([{}, {"id": "other", "name": "Other"}], 1, "have the slug 'hospital/gavle'"),
        ([{}, {"slug": "other", "name": "Other"}], 1, "have the id 'gavle'"),
        ([{}, {"id": "b", "slug": "b", "name": "GÄVLE  sjukhus"}], 1, "as it is seen"),
        ([{}, {"id": "b", "slug": "b", "name": "Ga\u0308vle sjukhus"}], 1, "as it is seen"),
        *(([{"slug": name}], 2, "a device on Windows") for name in ("con", "nul", "com1", "lpt9")),
        ([{"id": "aux"}], 2, "a device on Windows"),
    ],
)
def test_unit_that_no_address_or_file_can_have_is_told(
    tmp_path: Path, changes: list[dict[str, str]], line: int, words: str
) -> None:
    """Its slug is part of an address and of files on every system; nobody confuses two units."""
    with pytest.raises(ParamsError, match=words) as caught:
        _units(tmp_path, *changes)

    assert str(caught.value).startswith(f"units.yml:{line}: ")


REPORT = """notebook: reports/small.ipynb
area: nyttjande
slug: small
title: Liten
question: Går det?
owner: analys@example.invalid
units: [hu-cop]
periods: {kind: month, last: 1}
"""


@NAMES
@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("con", "", "", 1, "a device on Windows"),
        ("små", "", "", 1, "a name like end_times.yml"),
        ("Small", "", "", 1, "a name like end_times.yml"),
        ("a b", "", "", 1, "a name like end_times.yml"),
        ("small", "[hu-cop]", "[]", 7, "no unit stands here"),
        ("small", "[hu-cop]", "[hu-cop, hu-cop]", 7, "stands twice"),
        ("small", "[hu-cop]", "{procedures: [NFB29, NFB29]}", 7, "stands twice"),
        ("small", "{kind: month, last: 1}", "[]", 8, "one window of periods"),
        ("small", "last: 1}", "last: 1}, {kind: month, last: 2}]", 8, "one window of periods"),
        ("small", "units: [hu-cop]", "units:\n" + "- x\n" * 9000, 8, "no unit 'x'"),
        ("small", "units: [hu-cop]", "units: 7", 7, "units: "),
        ("small", "reports/small", "reports/../small", 1, "notebook"),
    ],
)
def test_report_of_which_no_page_could_be_is_told(
    tmp_path: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    """Each page has one address, and its folders a name on every system."""
    units = load_units(ROOT / "params" / "units.yml", ROOT)
    procedures = load_procedures(ROOT / "params" / "procedures.yml", ROOT)
    text = REPORT.replace(old, new) if old else REPORT
    text = text.replace("periods: {kind: month, last: 1}, ", "periods: [{kind: month, last: 1}, ")
    (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    begun = time.process_time()
    with pytest.raises(ParamsError, match=words) as caught:
        load_reports(tmp_path, tmp_path, units, procedures, notebooks=False)

    assert caught.value.line == line
    assert time.process_time() - begun < 3 * SECOND


@NAMES
@pytest.mark.parametrize("word", ["\x1b[31m", "a\nb", "\u202egnol", "x" * 100_000])
def test_no_word_steers_what_is_told(word: str) -> None:
    """Whatever somebody calls a unit that is not there, in a file or on the command line."""
    units = load_units(ROOT / "params" / "units.yml", ROOT)
    with pytest.raises(UsageError) as caught:
        units.get(word)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000
