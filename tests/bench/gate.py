"""What the gate costs for a site of 400 pages, and what it finds and takes for what it is not."""

import math
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.demo_site import demo_project
from tests.bench.measuring import Cost, cost_of

from clean_pages import clean_page, with_ten_digits
from lpe_reports.publish.reading import documents_of
from lpe_reports.publish.rules.people import personal_numbers
from planted_numbers import FORMS, KINDS, number

ROOT = Path(__file__).resolve().parents[2]
PAGES = 400
CLEAN_PAGES = 1_000
PER_FORM = 10
# What a real page's whole numbers become: all of them numbers of ten digits, or a few.
_SHARES = (0.003, 0.01, 0.05, 0.3, 1)
_INSPECT = """
import sys
from pathlib import Path
from lpe_reports.publish.gate import inspect
from lpe_reports.settings import Project
print(len(inspect(Path(sys.argv[1]), Project(Path(sys.argv[2])))))
"""


SAYS = (
    "All rules over the demo's pages, copied until there are 400, each with its HTML, JSON, xlsx, "
    "PDF and CSV files, and its meeting packs once. Allowed are 20 seconds on two cores. Below it, "
    "what it finds of personal numbers that were planted, and of clean pages with random numbers "
    "of ten digits in place of their own."
)


@dataclass(frozen=True)
class Site:
    """What was looked at."""

    pages: int
    files: int
    megabytes: float


def lines(small: bool) -> Iterator[str]:
    """The rows of the page's section; `small`: 128 of the demo's pages."""
    yield "| pages | files | MB | seconds | CPU s | peak MB |"
    yield "|---|---|---|---|---|---|"
    site, cost = cost_of_pages(128 if small else PAGES)
    yield (
        f"| {site.pages} | {site.files} | {site.megabytes:.0f} | {cost.seconds:.1f} | "
        f"{cost.cpu_seconds:.1f} | {cost.peak_mb:.0f} |"
    )
    made, changed = false_alarms()
    yield ""
    yield (
        f"False alarms: {made} of {CLEAN_PAGES:,} made pages, {changed} of {CLEAN_PAGES:,} real "
        "pages whose numbers were changed."
    )
    yield ""
    yield f"Found of {PER_FORM} planted numbers:"
    yield ""
    yield f"| written | {' | '.join(KINDS)} |"
    yield f"|---|{'---|' * len(KINDS)}"
    for form, found in recall():
        yield f"| {form} | {' | '.join(str(found[kind]) for kind in KINDS)} |"


def cost_of_pages(pages: int) -> tuple[Site, Cost]:
    """The gate over so many pages with all their files, in a process of its own.

    The demo's pages are copied until there are enough.

    Raises:
        SystemExit: No site of the demo has been built.
    """
    stems = _stems(_site())
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        candidate = Path(scratch, "candidate")
        for copy in range(math.ceil(pages / len(stems))):
            target = candidate / f"copy-{copy}"
            shutil.copytree(_site(), target)
            if copy:  # a site has its meeting packs once
                shutil.rmtree(target / "motesunderlag", ignore_errors=True)
            for stem in stems[pages - copy * len(stems) :]:
                _take_away(target / stem.relative_to(_site()))
        sizes = [path.stat().st_size for path in candidate.rglob("*") if path.is_file()]
        site = Site(len(_stems(candidate)), len(sizes), sum(sizes) / 1e6)
        return site, cost_of([sys.executable, "-c", _INSPECT, candidate, demo_project().root], ROOT)


def recall() -> Iterator[tuple[str, dict[str, int]]]:
    """For each form of a personal number, how many of ten are found in each kind of file."""
    chance = random.Random(3)
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        for form, write in FORMS.items():
            found = {
                kind: sum(
                    bool(_alarms(Path(scratch), name, make(write(number(chance)))))
                    for _ in range(PER_FORM)
                )
                for kind, (name, make) in KINDS.items()
            }
            yield form, found


def false_alarms() -> tuple[int, int]:
    """Of 1,000 clean pages, made and then real ones, how many raise an alarm.

    Random numbers of ten digits stand in each wherever reports have numbers.
    """
    chance = random.Random(11)
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        made = sum(_page_alarms(Path(scratch), clean_page(chance)) for _ in range(CLEAN_PAGES))
        real = _stems(_site())
        changed = sum(
            _page_alarms(Path(scratch), _changed(chance, real[n % len(real)]))
            for n in range(CLEAN_PAGES)
        )
    return made, changed


def _changed(chance: random.Random, stem: Path) -> dict[str, str]:
    share = chance.choice(_SHARES)
    files = [stem.with_suffix(".html"), stem.with_suffix(".json"), *sorted(stem.glob("*.csv"))]
    return {
        f"{n}{file.suffix}": with_ten_digits(
            chance, file.suffix, file.read_text(encoding="utf-8-sig"), share
        )
        for n, file in enumerate(files)
    }


def _page_alarms(folder: Path, files: dict[str, str]) -> bool:
    return any(_alarms(folder, f"a{suffix}", text.encode()) for suffix, text in files.items())


def _alarms(folder: Path, name: str, content: bytes) -> int:
    path = folder / name
    path.write_bytes(content)
    documents = list(documents_of(path, name))
    assert not any(document.faults for document in documents), name
    return sum(1 for document in documents for _ in personal_numbers(document))


def _stems(site: Path) -> list[Path]:
    """A site's pages that are printed, without an ending; no meeting packs, which have no page."""
    stems = [path.with_suffix("") for path in sorted(site.rglob("*.pdf"))]
    return [stem for stem in stems if stem.with_suffix(".html").is_file()]


def _site() -> Path:
    return demo_project().candidate


def _take_away(stem: Path) -> None:
    for suffix in (".html", ".json", ".xlsx", ".pdf"):
        stem.with_suffix(suffix).unlink(missing_ok=True)
    shutil.rmtree(stem, ignore_errors=True)
