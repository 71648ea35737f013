"""What a render worker is given, and what it does with it: content → document → files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lpe_reports.errors import LpeError, RenderError
from lpe_reports.render.cards import card_of
from lpe_reports.render.document import PageDocument
from lpe_reports.render.packs.job import PackJob
from lpe_reports.render.page_store import PRINTED, SOURCE, WARNINGS, PageStore, warnings_bytes
from lpe_reports.render.renderer import RenderedPage, Renderer
from lpe_reports.render.sitemap import PageSpot, SiteMap

if TYPE_CHECKING:
    # Jobs are made by a build that has nothing to render, too; only workers need these.
    from lpe_reports.display.content import PageContent


@dataclass(frozen=True)
class PageJob:
    """A report's page to render."""

    key: str
    spot: PageSpot
    notebook: Path

    @property
    def address(self) -> str:
        return self.spot.address


@dataclass(frozen=True)
class IndexJob:
    """An index page to render."""

    key: str
    document: PageDocument

    @property
    def address(self) -> str:
        return self.document.address


Job = PageJob | IndexJob | PackJob
# How often a batch is tried without those that failed; then it is quicker to take one by one.
_TOGETHER = 4


@dataclass(frozen=True)
class Failure:
    """A page that could not be rendered, and why."""

    address: str
    message: str


def render_jobs(
    jobs: Sequence[Job], site: SiteMap, renderer: Renderer, store: PageStore
) -> list[Failure]:
    """Render a batch into the store; one page's failure does not stop the others."""
    failures: list[Failure] = []
    prepared: list[tuple[PageJob | IndexJob, PageDocument, PageContent | None]] = []
    for job in jobs:
        try:
            if isinstance(job, PackJob):
                store.put(job.key, _pack(job), None)
            else:
                prepared.append((job, *_prepare(job, site)))
        except LpeError as error:
            failures.append(Failure(job.address, _named(job.address, error)))
    rendered = _render_apart([document for _, document, _ in prepared], renderer)
    for (job, document, content), page in zip(prepared, rendered, strict=True):
        if isinstance(page, Failure):
            failures.append(page)
        else:
            card = card_of(content, document.made) if content else None
            store.put(job.key, _files(page, content, site, document.made), card)
    return failures


def _named(address: str, error: LpeError) -> str:
    """The error's words, with the page before them where they do not name it."""
    return str(error) if address in str(error) else f"{address}: {error}"


def _pack(job: PackJob) -> dict[str, bytes]:
    from lpe_reports.render.packs.making import make_pack

    return make_pack(job)


def _prepare(job: PageJob | IndexJob, site: SiteMap) -> "tuple[PageDocument, PageContent | None]":
    if isinstance(job, IndexJob):
        return job.document, None
    from lpe_reports.display.content import read_content
    from lpe_reports.render.page_document import page_document

    content = read_content(job.notebook)
    return page_document(content, job.spot, site), content


def _render_apart(
    documents: list[PageDocument], renderer: Renderer
) -> list[RenderedPage | Failure]:
    """All together, which is fast; those without the one that failed; at last one by one."""
    done: dict[str, RenderedPage | Failure] = {}
    for _ in range(_TOGETHER):
        rest = [document for document in documents if document.address not in done]
        found = _render_together(rest, renderer)
        done |= found
        if not found or len(found) == len(rest):
            break
    for document in documents:
        if document.address not in done:
            done |= _render_together([document], renderer)
    return [done[document.address] for document in documents]


def _render_together(
    documents: list[PageDocument], renderer: Renderer
) -> Mapping[str, RenderedPage | Failure]:
    """All pages, or the one that failed where that is known, or nothing."""
    try:
        pages = renderer.render(documents) if documents else []
        return {page.address: page for page in pages}
    except RenderError as error:
        failed = [d.address for d in documents if d.address in error.addresses]
        if len(documents) == 1:
            failed = [documents[0].address]
        return {address: Failure(address, str(error)) for address in failed}


def _files(
    page: RenderedPage, content: "PageContent | None", site: SiteMap, made: str
) -> dict[str, bytes]:
    files = {"page.html": page.html}
    if page.pdf is not None:
        files["page.pdf"] = page.pdf
    if page.source is not None:
        files[SOURCE] = page.source
    if page.warnings:
        files[WARNINGS] = warnings_bytes(page.warnings)
    if content is not None:
        from lpe_reports.render.downloads import download_files
        from lpe_reports.render.packs.printed import printed_bytes

        files[PRINTED] = printed_bytes(content)
        files |= download_files(content, site.params.glossary, made)
    return files
