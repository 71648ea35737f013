"""Runs of a real Quarto, recorded, and a small program that plays them again.

The program takes Quarto's place: it answers with the recorded version, looks at its command line,
environment and scratch project as a strict Quarto would, writes the recorded pages and log, and
ends with the recorded status. `record` makes a recording again of a real Quarto, so that it can be
seen that Quarto still does so (`pytest -m quarto`).
"""

import json
import re
import shutil
import stat
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from lpe_reports.render.document import PageDocument
from lpe_reports.render.front_matter import Value, front_matter
from lpe_reports.render.quarto.description import OUTPUT, Description
from lpe_reports.render.quarto.running import run_quarto
from lpe_reports.render.quarto.staging import Stage

FOLDER = Path(__file__).parent / "unit" / "render" / "quarto" / "recordings"
ROOT = Path(__file__).resolve().parent.parent
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0,0h9"/></svg>'
_PICTURE = '```{=typst}\n#image("w1.files/bild.svg", alt: "Ett streck")\n```\n'
_TABLE = "| Vecka | Antal |\n|:--|--:|\n| v. 19 | 12 |\n"


@dataclass(frozen=True)
class Recording:
    """What a run of Quarto was given and what came of it.

    Fields:
        version: Quarto's.
        pandoc: Its Pandoc's.
        status: Its exit code.
        log: What it wrote, with its own folder as /opt/quarto.
        pages: What it made, by the name in the output folder.
        seconds: How long a replay sleeps after its last page, with a process that sleeps too.
        signal: What ends a replay after its last page; 0 for nothing.
        stops_at: The page that a replay stops at; without that page it makes all others.
    """

    version: str
    pandoc: str
    status: int
    log: str
    pages: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    signal: int = 0
    stops_at: str = ""

    def without(self, ending: str) -> "Recording":
        """The same run, but that it left out the pages with this ending and says nothing of it."""
        kept = {name: text for name, text in self.pages.items() if not name.endswith(ending)}
        return replace(self, pages=kept)


def page(address: str, body: str, head: str = "", *, pdf: bool = True) -> PageDocument:
    """A document with this body, and with these lines in its front matter."""
    lpe: dict[str, Value] = {"root": "../", "path": f"{address}.html", "css": "../site.css"}
    lpe |= {"html-only": not pdf, "provenance": {"extract": "2026-05-11"}}
    matter = front_matter({"title": "Sida", "lang": "sv", "lpe": lpe})
    files = {"w1.files/bild.svg": SVG} if "bild.svg" in body else {}
    markdown = matter.replace("---\n", f"---\n{head}", 1) + "\n" + body
    return PageDocument(address, markdown, files, pdf)


_GOOD = page("a/b/2026-W01--2026-W02", f"## Rubrik\n\nOrd.\n\n{_PICTURE}\n{_TABLE}")
_INDEX = page("a/index", "## Sidor\n\n- [Ett](b/x.html)\n", pdf=False)
# By the name of the recording: what Quarto was given.
CASES: dict[str, Sequence[PageDocument]] = {
    "good": (_GOOD, _INDEX),
    "warnings": (
        _GOOD,
        page("a/odd", "## Rubrik\n\n{{< video-of Anna_Ek >}}\n\n::: {.öppen\n\nText\n"),
    ),
    "failing": (_GOOD, page("a/bad", "## Rubrik\n", "format: Anna_Ek\n"), _INDEX),
    "unnamed": (_GOOD, page("a/bad", "## Rubrik\n", "x: [Anna_Ek\n")),
    "single": (page("a/bad", "## Rubrik\n", "format: Anna_Ek\n"),),
}


def recorded(name: str) -> Recording:
    """A recording by its name."""
    return Recording(**json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def record(name: str, program: Path, version: str, pandoc: str, folder: Path) -> Recording:
    """Let a real Quarto do what was recorded."""
    stage = Stage(folder, CASES[name], Description(ROOT))
    ran = run_quarto(program, stage.project, 200)
    output = stage.project / OUTPUT
    made = {
        path.relative_to(output).as_posix(): path.read_text("utf-8")
        for path in sorted(output.rglob("*"))
        if path.suffix in (".html", ".typ")
    }
    assert ran.status is not None
    return Recording(version, pandoc, ran.status, _of_any_machine(ran.log), made)


def write(name: str, recording: Recording) -> None:
    """Keep a recording."""
    text = json.dumps(asdict(recording), ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(f"{text}\n", "utf-8")


def program(folder: Path, recording: Recording) -> Path:
    """A program that does what was recorded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recording.json").write_text(json.dumps(asdict(recording)), "utf-8")
    path = folder / "quarto"
    path.write_text(f"#!{sys.executable} -ISE\n{textwrap.dedent(_PROGRAM)}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def _of_any_machine(log: str) -> str:
    """A log without the folders of the machine, and without the lines of Quarto's own code."""
    lines = [line for line in log.splitlines() if not re.match(r"\s+at .*:\d+:\d+\)?$", line)]
    text = re.sub(r"[^\s(]*/share/filters/", "/opt/quarto/share/filters/", "\n".join(lines))
    return re.sub(r"(?:file://)?[^\s(]*/(?:share|bin)/(?!filters)", "/opt/quarto/", text)


_PROGRAM = """
import json, os, signal, subprocess, sys, time
from pathlib import Path

here = Path(__file__).parent
played = json.loads((here / "recording.json").read_text())


def wrong(what):
    print("ERROR: replay refuses", what)
    sys.exit(97)


if sys.argv[1:] == ["--version"]:
    print(played["version"])
elif sys.argv[1:] == ["pandoc", "--version"]:
    print("pandoc", played["pandoc"])
elif sys.argv[1:] != ["render", ".", "--no-execute"]:
    wrong("the command line")
else:
    said = json.loads(Path("_quarto.yml").read_text("utf-8"))
    pages = said["project"]["render"]
    found = sorted(path.relative_to(".").as_posix() for path in Path(".").rglob("*.qmd"))
    whole = all(Path(page).read_text("utf-8").startswith("---") for page in pages)
    if not pages or sorted(pages) != found or not whole:
        wrong("the list of pages")
    if said["project"]["type"] != "website" or said["execute"]["enabled"] is not False:
        wrong("the project")
    output = Path(said["project"]["output-dir"])
    if output.is_absolute() or output.exists() or set(said["format"]) != {"html", "typst"}:
        wrong("the output")
    html, typst = said["format"]["html"], said["format"]["typst"]
    named = [html["template"], typst["template"], *typst["template-partials"]]
    named += [each["path"] for each in said["filters"]]
    if not all(Path(name).is_file() for name in named):
        wrong("the templates")
    if html["theme"] != "none" or html["minimal"] is not True or typst["output-ext"] != "typ":
        wrong("the formats")
    world = os.environ
    if (world["TZ"], world["LC_ALL"]) != ("UTC", "C.UTF-8") or "QUARTO_PROFILE" in world:
        wrong("the environment")
    if not world["HTTPS_PROXY"].startswith("http://127.0.0.1") or not world["XDG_CACHE_HOME"]:
        wrong("the network")
    (here / "calls.txt").open("a").write(" ".join(pages) + "\\n")
    stop = played["stops_at"] + ".qmd"
    if played["stops_at"] and stop not in pages:
        played |= {"status": 0, "log": ""}
    made = pages[: pages.index(stop)] if stop in pages else pages
    for name, text in played["pages"].items():
        if name.rpartition(".")[0] + ".qmd" in made:
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_text(text, "utf-8")
    sys.stderr.write(played["log"] + "\\n")
    sys.stderr.flush()
    if played["seconds"]:
        child = subprocess.Popen(["sleep", str(played["seconds"])])
        (here / "child.txt").write_text(str(child.pid))
        time.sleep(played["seconds"])
    if played["signal"]:
        os.kill(os.getpid(), played["signal"])
    sys.exit(played["status"])
"""


def calls(folder: Path) -> list[list[str]]:
    """Which pages each run of a replay was for."""
    path = folder / "calls.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return [[name.removesuffix(".qmd") for name in line.split()] for line in lines]


def leftover(folder: Path) -> int:
    """The id of the process that a sleeping replay started."""
    return int((folder / "child.txt").read_text())


if __name__ == "__main__":
    import tempfile

    from lpe_reports.render.quarto.program import find_quarto, read_program

    found = find_quarto()
    assert found, "recording needs a real Quarto"
    known = read_program(found)
    for case in sys.argv[1:] or CASES:
        scratch = Path(tempfile.mkdtemp(prefix="lpe-record-"))
        write(case, record(case, known.path, known.version, known.pandoc, scratch))
        shutil.rmtree(scratch)
