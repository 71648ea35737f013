"""Quarto as a renderer: HTML and Typst by Quarto, the PDF of that Typst as every renderer's.

Quarto's own PDF would be the same page seconds later: it starts Typst once a page, searches all
fonts of the machine and writes the clock into the file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lpe_reports.errors import RenderError, SettingsError
from lpe_reports.render.document import PageDocument
from lpe_reports.render.packs.source import page_source
from lpe_reports.render.pdf import compile_pdf
from lpe_reports.render.quarto.description import Description
from lpe_reports.render.quarto.log import Told, read_log
from lpe_reports.render.quarto.program import QuartoProgram
from lpe_reports.render.quarto.running import Ran, run_quarto
from lpe_reports.render.quarto.staging import Stage
from lpe_reports.render.renderer import RenderedPage
from lpe_reports.system import scratch_folder

# An empty place for a title block, which Quarto puts into every page that has none of its own.
_TITLE_BLOCK = b'<header id="title-block-header" class="quarto-title-block"></header>'
# What the site's Content-Security-Policy would refuse, or what would come from elsewhere.
_FOREIGN = (
    (re.compile(rb"<script\b(?![^>]*\bsrc=)"), "a script in the page"),
    (re.compile(rb"<style\b"), "a style in the page"),
    (re.compile(rb"<[a-zA-Z][^<>]*\sstyle="), "a style in the page"),
    (re.compile(rb"[\"/]site_libs/"), "a library of its own"),
    (
        re.compile(rb"<(?:script|img|iframe|video|audio|source)\b[^>]*\bsrc=\"(?:https?:)?//"),
        "something from another host",
    ),
    (re.compile(rb"<link\b[^>]*\bhref=\"(?:https?:)?//"), "something from another host"),
)


@dataclass(frozen=True)
class QuartoRenderer:
    """Quarto for HTML and Typst source, Typst in process for the PDF.

    Fields:
        program: Which Quarto.
        root: The project, whose `_quarto.yml` describes the site.
        starting_seconds: What a run may take before its first page.
        page_seconds: What a run may take for each page; far more than the largest takes, for a
            hang must end as an error.
    """

    program: QuartoProgram
    root: Path
    starting_seconds: float = 120
    page_seconds: float = 60

    @property
    def name(self) -> str:
        return "quarto"

    def versions(self) -> dict[str, str]:
        """Quarto's version, and those of the Pandoc and the Typst that it is used with."""
        return {
            "quarto": self.program.version,
            "pandoc": self.program.pandoc,
            "typst": version("typst"),
        }

    def described(self) -> str:
        """What the project's `_quarto.yml` says, as a digest."""
        return Description(self.root).digest()

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """The documents as pages; see `Renderer`.

        Raises:
            RenderError: A page could not be rendered; names it in `addresses` where Quarto does.
        """
        if not documents:
            return []
        with scratch_folder("quarto") as scratch:
            stage = Stage(Path(scratch), documents, Description(self.root))
            told = self._run(stage, documents)
            return [_taken(document, stage, told) for document in documents]

    def _run(self, stage: Stage, documents: Sequence[PageDocument]) -> Told:
        """Run Quarto, and see that it made every page."""
        seconds = self.starting_seconds + self.page_seconds * len(documents)
        try:
            ran = run_quarto(self.program.path, stage.project, seconds)
        except OSError as error:
            raise SettingsError(
                f"{self.program.path} could not be run ({error.strerror}); install Quarto again, "
                "or make the same pages without it: --renderer pandoc"
            ) from None
        addresses = [document.address for document in documents]
        told = read_log(ran.log, addresses)
        missing = [document.address for document in documents if not _is_made(document, stage)]
        if missing or ran.status:
            raise _stopped(ran, told, missing or addresses, seconds)
        return told


def _is_made(document: PageDocument, stage: Stage) -> bool:
    wanted = [stage.html(document)] + ([stage.typst(document)] if document.pdf else [])
    return all(path.is_file() and path.stat().st_size for path in wanted)


def _stopped(ran: Ran, told: Told, missing: Sequence[str], seconds: float) -> RenderError:
    """Why there are fewer pages than documents, by the page that Quarto was at."""
    named = told.page in missing and bool(ran.status or ran.status is None)
    page = told.page if named else missing[0]
    if ran.status is None:
        why = f"Quarto was not done in {seconds:.0f} s and was ended"
    elif ran.status < 0:
        why = f"Quarto was ended by signal {-ran.status} (out of memory?)"
    elif ran.status:
        why = f"Quarto could not render it ({told.reason or f'status {ran.status}'})"
    else:
        why = "Quarto said that all was well, and did not make it"
    more = "" if named or len(missing) == 1 else f"; it or one of {len(missing) - 1} pages with it"
    return RenderError(f"{page}: {why}{more}", [page] if named or len(missing) == 1 else [])


def _taken(document: PageDocument, stage: Stage, told: Told) -> RenderedPage:
    html = stage.html(document).read_bytes().replace(_TITLE_BLOCK, b"", 1)
    address = document.address
    warnings = tuple(dict.fromkeys(_warnings(address, told)))
    for pattern, what in _FOREIGN:
        if pattern.search(html):
            problem = f"Quarto put {what}, which the site's security policy does not let through"
            raise RenderError(f"{address}: {problem}", [address])
    if not document.pdf:
        return RenderedPage(address, html, None, warnings=warnings)
    typst = stage.typst_apart(document)
    try:
        pdf = compile_pdf(typst, address)
        # After the PDF, which may have had to leave out signs that no font shows.
        source = page_source(typst, document.files)
    except RenderError as error:
        raise RenderError(str(error), [address]) from None
    return RenderedPage(address, html, pdf, source, warnings)


def _warnings(address: str, told: Told) -> Iterator[str]:
    """The page's warnings, and those that are of no page."""
    yield from told.warnings.get(address, ())
    yield from told.warnings.get("", ())
