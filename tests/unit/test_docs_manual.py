"""The manual: what its pages are called, where their links lead, and when it is not made."""

import json
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from lpe_reports.cli.manual_folder import MARK, put_manual
from lpe_reports.errors import CheckError, ParamsError, SettingsError, UsageError
from lpe_reports.render.document import PageDocument
from lpe_reports.render.manual.contents import read_contents
from lpe_reports.render.manual.markdown import anchors, headings, without_title
from lpe_reports.render.pandoc import PandocRenderer

INDEX = """\
# Handbook

Read [the first](one.md).

## Begin

- [One](one.md): the first.

## Look up

- [Two](two.md): the second.
"""
ONE = """\
# One & only

See [two.md](two.md#a-part), [its part](two.md#a-part), [the code](../src/x.py) and
[../README.md](../README.md).

## A part

- `$HOME` and $1, a picture ![A line](pictures/line.png)

| a | b |
|---|---|
| [deploy](deploy/site.conf) | x |
"""
TWO = "# Two\n\n## A part\n\nText.\n\n```\n# no heading\n```\n"
HEADINGS = """\
# Title
## `lpe build --json` and more
## What's *this*, then?
## A part
### A part
```
## not one
```
## params/reports/*.yml
## Så räknar vi
## [A link](x.md) & more
## groups[]
## A part
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A small folder of docs."""
    folder = tmp_path / "docs"
    for name, text in (("index", INDEX), ("one", ONE), ("two", TWO)):
        _write(folder / f"{name}.md", text)
    _write(folder / "pictures" / "line.png", "")
    _write(folder / "deploy" / "site.conf", "x\n")
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def test_a_manual_is_pages_whose_links_hold(docs: Path, tmp_path: Path) -> None:
    """Links between documents lead to pages; what lies outside is named in words."""
    out = tmp_path / "build" / "manual"

    assert put_manual(docs, out, "1.2") == ["index.html", "one.html", "two.html"]

    page = (out / "one.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in page
    assert "<h1>One &amp; only</h1>" in page
    assert '<a href="two.html#a-part">Two</a>' in page
    assert '<a href="two.html#a-part">its part</a>' in page
    assert "the code (<code>src/x.py</code>)" in page
    assert ">../README.md</a>" not in page
    assert "<code>$HOME</code> and $1" in page
    assert 'href="deploy/site.conf"' in page
    assert (out / "deploy" / "site.conf").is_file()
    assert '<a href="pictures/line.png"><img' in page
    assert json.loads((out / MARK).read_text(encoding="utf-8"))["version"] == "1.2"


def test_a_page_of_the_manual_says_nothing_in_swedish(docs: Path, tmp_path: Path) -> None:
    """The shell is the site's own, in other words."""
    put_manual(docs, tmp_path / "out", "1.2")
    page = (tmp_path / "out" / "one.html").read_text(encoding="utf-8")

    shell = re.sub(r"<main.*?<h1>", "", page, flags=re.DOTALL)
    assert re.findall(r"[åäöÅÄÖ]|Meny<|Rapporter", shell) == []
    assert 'aria-label="You are here"' in page
    assert '<li><a href="one.html" aria-current="page">One</a></li>' in page
    assert '<a href="index.html#begin" aria-current="true">Begin</a>' in page


def test_a_link_that_leads_nowhere_is_told_and_the_earlier_manual_stays(
    docs: Path, tmp_path: Path
) -> None:
    """A missing page, a missing part and a missing file: each is told with its document."""
    out = tmp_path / "out"
    put_manual(docs, out, "1")
    _write(docs / "two.md", "# Two\n\n[a](gone.md) [b](one.md#gone) [c](deploy/gone)\n")

    with pytest.raises(CheckError) as caught:
        put_manual(docs, out, "2")

    told = str(caught.value)
    assert told.count("docs/two.md") == 3
    assert "link to a place that the page does not have" in told
    # The part that another page led to is gone as well.
    assert told.count("docs/one.md") == 2
    assert json.loads((out / MARK).read_text(encoding="utf-8"))["version"] == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "out"]


def test_a_folder_with_other_things_is_left_alone(docs: Path, tmp_path: Path) -> None:
    """Only an earlier manual is replaced, and only files of its own go."""
    out = tmp_path / "out"
    _write(out / "thesis.txt", "mine")

    with pytest.raises(UsageError, match="holds something that is no manual"):
        put_manual(docs, out, "1")

    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("mark", ["{}", "[]", "x", '{"files": "thesis.docx"}', '{"files": [1]}'])
def test_a_mark_without_a_list_makes_no_folder_a_manual(
    docs: Path, tmp_path: Path, mark: str
) -> None:
    """Any program may write a file of that name."""
    out = tmp_path / "out"
    _write(out / MARK, mark)
    _write(out / "thesis.docx", "mine")

    with pytest.raises(UsageError, match=r"no manual: manual\.json, thesis\.docx"):
        put_manual(docs, out, "1")

    assert (out / "thesis.docx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["notes.md", "assets/notes.md", "mine/notes.md"])
def test_what_was_put_into_a_manual_is_named_and_kept(
    docs: Path, tmp_path: Path, name: str
) -> None:
    """A manual that holds it is not replaced; one that was only looked at is."""
    out = tmp_path / "out"
    put_manual(docs, out, "1")
    _write(out / "pictures" / ".DS_Store", "")
    put_manual(docs, out, "2")
    _write(out / name, "mine")

    with pytest.raises(UsageError, match=name.split("/notes")[0] if "mine" in name else name):
        put_manual(docs, out, "3")

    assert (out / name).read_text(encoding="utf-8") == "mine"
    assert json.loads((out / MARK).read_text(encoding="utf-8"))["version"] == "2"


def test_what_is_put_there_meanwhile_is_kept(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Building takes seconds; the folder is looked at again before it is exchanged."""
    out = tmp_path / "out"
    put_manual(docs, out, "1")

    def slow(folder: Path) -> list[str]:
        _write(out / "notes.md", "mine")
        return []

    monkeypatch.setattr("lpe_reports.cli.manual_folder.manual_faults", slow)
    with pytest.raises(UsageError, match=r"notes\.md"):
        put_manual(docs, out, "2")

    assert (out / "notes.md").is_file()


@pytest.mark.parametrize(
    "place", ["public", "public/latest", "build/store/x", "build/candidate", "data/x"]
)
def test_no_manual_goes_where_other_commands_keep_what_they_make(
    docs: Path, tmp_path: Path, place: str
) -> None:
    """From wherever it is called: the project that the folder lies in counts."""
    (tmp_path / "office" / "params").mkdir(parents=True)
    _write(tmp_path / "office" / "_quarto.yml", "")

    with pytest.raises(UsageError, match="no place for the manual"):
        put_manual(docs, tmp_path / "office" / place, "1")

    assert not (tmp_path / "office" / place).exists()


def test_what_a_killed_call_left_is_cleared_away(docs: Path, tmp_path: Path) -> None:
    """Not what another one is building just now, nor what only begins with the same word."""
    dead = next(pid for pid in range(99999, 1, -1) if not psutil.pid_exists(pid))
    kept = {".manual-1-abcdefgh", ".manual-mine", "docs", "out"}
    for name in (f".manual-{dead}-abcdefgh", ".manual-1-abcdefgh", ".manual-mine"):
        _write(tmp_path / name / "new" / "index.html", "")

    put_manual(docs, tmp_path / "out", "1")

    assert {path.name for path in tmp_path.iterdir()} == kept


@pytest.mark.parametrize("place", ["x" * 300, "docs/index.md/manual"])
def test_a_place_that_cannot_be_written_to_is_told(docs: Path, tmp_path: Path, place: str) -> None:
    """No fault of ours: it says where, why, and what to do."""
    with pytest.raises(SettingsError, match=r"cannot be put in .*/.* \(.*\); name another folder"):
        put_manual(docs, tmp_path / place, "1")


def test_an_earlier_manual_stays_where_the_new_one_cannot_be_moved(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was out of the way already, and comes back."""
    out = tmp_path / "out"
    put_manual(docs, out, "1")
    replace = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(30, "Read-only file system")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(SettingsError, match="Read-only"):
        put_manual(docs, out, "2")

    assert json.loads((out / MARK).read_text(encoding="utf-8"))["version"] == "1"


def test_the_folder_one_is_in_is_left_alone(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not be exchanged for another."""
    monkeypatch.chdir(tmp_path)

    for place in (Path(), tmp_path.parent):
        with pytest.raises(UsageError, match="the folder that you are in"):
            put_manual(docs, place, "1")


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (INDEX.replace("[Two](two.md)", "[Three](three.md)"), "index.md:11: there is no"),
        (INDEX + "- [One again](one.md): x\n", "one.md is named twice"),
        (INDEX.replace("- [Two](two.md): the second.\n", ""), "docs/two.md stands in no list"),
    ],
)
def test_the_front_page_names_every_page_once(docs: Path, index: str, said: str) -> None:
    """A document that no menu leads to, and a menu that leads to none, are told."""
    _write(docs / "index.md", index)

    with pytest.raises(ParamsError) as caught:
        read_contents(docs)

    assert said in str(caught.value)


def test_a_page_without_a_title_is_told(docs: Path, tmp_path: Path) -> None:
    """Menus and the browser need a name for it."""
    _write(docs / "two.md", "Only text.\n")

    with pytest.raises(ParamsError, match=r"docs/two\.md:1: the page has no title"):
        put_manual(docs, tmp_path / "out", "1")


def test_ids_of_headings_are_those_of_the_renderer() -> None:
    """What menus lead to is what the page has."""
    _, body = without_title(HEADINGS)
    document = PageDocument(
        "x", f"---\nlpe:\n  html-only: true\n---\n\n{body}", pdf=False, github=True
    )
    page = PandocRenderer().render([document])[0].html.decode()

    assert re.findall(r'<section[^>]* id="([^"]+)"', page) == anchors(body)
    assert [heading.level for heading in headings(body)] == [2, 2, 2, 3, 2, 2, 2, 2, 2]
    assert [heading.text for heading in headings(body)][:5:4] == [
        "lpe build --json and more",
        "params/reports/*.yml",
    ]
    assert headings(body)[1].text == "What's this, then?"


def test_the_projects_own_contents_name_every_document(root: Path) -> None:
    """No page of docs/ is left out of the manual."""
    contents = read_contents(root / "docs")

    assert len(contents.themes) >= 4
    assert len(contents.names()) > 20


def test_docs_are_built_where_there_is_no_project(tmp_path: Path) -> None:
    """The manual of the installed package goes below the folder one is in."""
    command = "import sys; from lpe_reports.cli import main; sys.argv = ['lpe', 'docs']; main()"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, capture_output=True, timeout=120, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "build/docs/index.html" in done.stdout
    assert (tmp_path / "build" / "docs" / "commands.html").is_file()
