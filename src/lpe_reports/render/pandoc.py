"""The embedded renderer: Pandoc and Typst, the engines that Quarto itself stands on.

One `pandoc lua` process takes a whole batch of documents: starting Pandoc costs more than
rendering a page with it.
"""

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lpe_reports.errors import RenderError
from lpe_reports.render.document import PageDocument
from lpe_reports.render.packs.source import page_source
from lpe_reports.render.pdf import compile_pdf
from lpe_reports.render.renderer import RenderedPage
from lpe_reports.render.site_files import ASSETS
from lpe_reports.system import scratch_folder

# Far more than a batch of the largest pages takes; a hang must end as an error.
SECONDS_PER_DOCUMENT = 60


class PandocRenderer:
    """Pandoc for HTML and Typst source, Typst in process for the PDF."""

    name = "pandoc"

    def versions(self) -> dict[str, str]:
        """Pandoc's and Typst's versions."""
        return {"pandoc": _pandoc_version(), "typst": version("typst")}

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """The documents as pages; see `Renderer`."""
        with scratch_folder("render") as scratch:
            folders = [_lay_out(document, Path(scratch)) for document in documents]
            _run_pandoc(folders, documents)
            return [
                _rendered(document, folder)
                for document, folder in zip(documents, folders, strict=True)
            ]


def _lay_out(document: PageDocument, scratch: Path) -> Path:
    """The document's folder, named by its address so that tools' messages tell which page."""
    folder = scratch / document.address.replace("/", "__")
    folder.mkdir()
    name = "page.md" if document.github else "page.qmd"
    (folder / name).write_text(document.markdown, encoding="utf-8")
    for name, content in document.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return folder


def _run_pandoc(folders: Sequence[Path], documents: Sequence[PageDocument]) -> None:
    command = [_pandoc(), "lua", str(ASSETS / "batch.lua"), str(ASSETS), *map(str, folders)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=SECONDS_PER_DOCUMENT * len(folders),
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RenderError(
            f"Pandoc did not finish {documents[0].address} and {len(documents) - 1} more pages "
            f"in {SECONDS_PER_DOCUMENT * len(folders)} s"
        ) from None
    for folder, document in zip(folders, documents, strict=True):
        if not (folder / "page.html").is_file() or (folder / "page.error").exists():
            raise RenderError(f"{document.address}: Pandoc could not render it ({_reason(folder)})")
    if done.returncode:
        raise RenderError(f"{documents[0].address}: Pandoc ended with status {done.returncode}")


def _reason(folder: Path) -> str:
    """The first words of Pandoc's error: which part of the machinery, never the document's text."""
    path = folder / "page.error"
    if not path.exists():
        return "it stopped before this page"
    first = path.read_text("utf-8", errors="replace").strip().partition("\n")[0]
    return first[:120].replace(str(folder), folder.name)


def _rendered(document: PageDocument, folder: Path) -> RenderedPage:
    html, warnings = (folder / "page.html").read_bytes(), _warnings(folder)
    if not document.pdf:
        return RenderedPage(document.address, html, None, warnings=warnings)
    typst = folder / "page.typ"
    pdf = compile_pdf(typst, document.address)
    # After the PDF, which may have had to leave out signs that no font shows.
    return RenderedPage(document.address, html, pdf, page_source(typst, document.files), warnings)


def _warnings(folder: Path) -> tuple[str, ...]:
    """What the filter could not honour; it names constructs and cells, never the text."""
    path = folder / "page.warnings"
    return tuple(path.read_text("utf-8").splitlines()) if path.exists() else ()


@cache
def _pandoc() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


@cache
def _pandoc_version() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_version())
