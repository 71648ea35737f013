"""One meeting pack as a PDF, from the stored sources of its pages."""

import json
import re
from pathlib import Path
from typing import Any

from lpe_reports import wording
from lpe_reports.render.packs.job import PackJob
from lpe_reports.render.packs.printed import Printed, read_printed
from lpe_reports.render.packs.source import unpack_source
from lpe_reports.render.pdf import compile_pdf
from lpe_reports.render.site_files import ASSETS
from lpe_reports.system import scratch_folder

_TEMPLATES = ("pack.typ", "style.typ")
_FORMAT = 1
_HIDDEN = re.compile(rf"\b{wording.HIDDEN}\b")


def make_pack(job: PackJob) -> dict[str, bytes]:
    """The files of a pack: the PDF, and what it holds as JSON.

    Raises:
        RenderError: It could not be made; names it.
    """
    printed = [read_printed(page.printed) for page in job.pages]
    with scratch_folder("pack") as scratch:
        folder = Path(scratch) / "pack"
        folder.mkdir()
        for name in _TEMPLATES:
            (folder / name).write_bytes((ASSETS / name).read_bytes())
        for number, page in enumerate(job.pages, start=1):
            unpack_source(page.source, folder / f"p{number}")
        data = {**job.data, **_provenance(job, printed)}
        (folder / "pack.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        pdf = compile_pdf(folder / "pack.typ", job.address)
    return {"page.pdf": pdf, "page.json": _record(job, printed, pdf)}


def _provenance(job: PackJob, printed: list[Printed]) -> dict[str, Any]:
    """What the pages were made from; the newest night of any of them stands for all."""
    pages = zip(job.planned.pages, printed, strict=True)
    return {
        "extract": max(page.extract for page in printed),
        "sources": [
            {"page": f"p{number}", "extract": page.extract, "digest": page.digest[:12]}
            for number, (_, page) in enumerate(pages, start=1)
        ],
    }


def _record(job: PackJob, printed: list[Printed], pdf: bytes) -> bytes:
    sheets, _ = _read(pdf)
    pages = zip(job.planned.pages, job.pages, printed, strict=True)
    record = {
        "format": _FORMAT,
        "pack": job.planned.pack.id,
        "period": job.planned.period.id,
        "title": job.planned.title,
        "extract": max(page.extract for page in printed),
        "sheets": sheets,
        "bytes": len(pdf),
        # How often it says itself that something is hidden, beside its pages.
        "hidden_said": len(_HIDDEN.findall(json.dumps(job.data, ensure_ascii=False))),
        "pages": [
            {
                "address": f"{spot.address}.html",
                "hidden": page.hidden,
                "hidden_said": _read((stored.folder / "page.pdf").read_bytes())[1],
            }
            for spot, stored, page in pages
        ],
        "absences": job.data["absences"],
    }
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


def _read(pdf: bytes) -> tuple[int, int]:
    """How many sheets a PDF has, and how often it says that something is hidden."""
    # Only workers that make packs need it.
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    return len(texts), sum(len(_HIDDEN.findall(text)) for text in texts)
