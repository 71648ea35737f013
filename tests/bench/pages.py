"""What a page weighs, and how soon something stands on the screen, in a real Chromium."""

import gzip
import http.server
import json
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from tests.bench.demo_site import demo_project

from lpe_reports.periods import Period, parse_period

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "site"))

from browser import POLICY, chromium  # noqa: E402 - lies beside the tests of the site

VISITS = 5
SAYS = (
    "The front page, the definitions and of each report the newest page whose period is over, "
    f"served compressed and read with an empty cache, {VISITS} times each. Transferred is what is "
    "fetched until nothing more is asked for; first paint is the median. The phone is 390 px wide, "
    "four times slower, and 150 ms and 1.6 Mbit/s from the server. A chart that is pointed at "
    "fetches its drawing library once for all pages; the last column is what that adds."
)
_COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".csv"}
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_TRANSFERRED = """
performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
"""
_PHONE = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 9e4}


@dataclass(frozen=True)
class Weight:
    """What one page came to.

    Fields:
        html: Its own bytes, as they lie on the disk.
        transferred: Compressed bytes of all that it fetches.
        paint: Milliseconds to the first paint on a desk, and on a phone.
        pointed: Compressed bytes that a chart adds when it is pointed at; None without charts.
    """

    html: int
    transferred: int
    paint: tuple[float, float]
    pointed: int | None


def lines(small: bool) -> Iterator[str]:
    """The rows of the page's section; `small`: three pages."""
    site = demo_project().candidate
    yield "| page | HTML, KB | transferred, KB | first paint, ms | on a phone, ms | charts, KB |"
    yield "|---|---|---|---|---|---|"
    pages = ["index.html", "sa-raknar-vi/index.html", *_newest(site)]
    with _served(site) as base, chromium() as browser:
        for page in pages[:3] if small else pages:
            found = weigh(browser, base, page, (site / page).stat().st_size)
            charts = "" if found.pointed is None else f"{found.pointed / 1000:.0f}"
            yield (
                f"| `{page}` | {found.html / 1000:.0f} | {found.transferred / 1000:.0f} | "
                f"{found.paint[0]:.0f} | {found.paint[1]:.0f} | {charts} |"
            )


def weigh(browser: Browser, base: str, address: str, html: int) -> Weight:
    """One page, visited as often as it takes."""
    desk, phone, transferred = [], [], []
    for _ in range(VISITS):
        with _visit(browser, f"{base}/{address}") as page:
            desk.append(float(page.evaluate(_PAINT)))
            transferred.append(int(page.evaluate(_TRANSFERRED)))
        with _visit(browser, f"{base}/{address}", phone=True) as page:
            phone.append(float(page.evaluate(_PAINT)))
    return Weight(
        html,
        int(statistics.median(transferred)),
        (statistics.median(desk), statistics.median(phone)),
        _pointed(browser, f"{base}/{address}"),
    )


def _pointed(browser: Browser, address: str) -> int | None:
    """How many bytes more are fetched when the first chart is pointed at."""
    with _visit(browser, address) as page:
        chart = page.locator("main figure .plot").first
        if not chart.count():
            return None
        before = int(page.evaluate(_TRANSFERRED))
        chart.scroll_into_view_if_needed()
        chart.hover()
        page.wait_for_timeout(500)
        page.wait_for_load_state("networkidle")
        return int(page.evaluate(_TRANSFERRED)) - before


@contextmanager
def _visit(browser: Browser, address: str, *, phone: bool = False) -> Iterator[Page]:
    size: Any = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size)
    page = context.new_page()
    if phone:
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", _PHONE)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    try:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        yield page
    finally:
        context.close()


def _newest(site: Path) -> list[str]:
    """Of each report, its first unit's newest page whose period is over."""
    build = json.loads((site / "build.json").read_text(encoding="utf-8"))
    night = date.fromisoformat(build["night"])
    found: dict[str, tuple[Period, str, str]] = {}
    for run in build["runs"]:
        period = parse_period(run["period"])
        if run["status"] == "failed" or not period.is_over(night):
            continue
        newest = found.get(run["report"])
        if newest is None or (run["unit"] == newest[1] and period > newest[0]):
            found[run["report"]] = (period, run["unit"], run["address"])
    return sorted(address for _, _, address in found.values())


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Compressing, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """As a region's web server serves: compressed, and with the policy that the docs ask for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        small = path.suffix in _COMPRESSED
        body = _compressed(path) if small else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)
