"""What authors write, by a real Quarto: the same pages and warnings as by the embedded one."""

from pathlib import Path

import pytest

from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.quarto.driver import QuartoRenderer
from lpe_reports.render.quarto.program import find_quarto, read_program
from lpe_reports.render.renderer import RenderedPage
from parity import compare_sites, parity_table
from sample_site import REPOSITORY
from unhonoured_prose import LEFT_OUT
from written_page import documented_cells, prose, written_document

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.promise("pages", "Quarto and the embedded renderer make the same site"),
]


def write_site(folder: Path, pages: list[RenderedPage]) -> Path:
    """The pages as files."""
    for page in pages:
        path = folder / page.address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".html").write_bytes(page.html)
        assert page.pdf is not None
        path.with_suffix(".pdf").write_bytes(page.pdf)
    return folder


def test_quarto_makes_of_every_construct_what_the_embedded_renderer_makes(tmp_path: Path) -> None:
    """Every documented one and every one that is left out, element by element, and as warned of."""
    found = find_quarto()
    assert found is not None
    quarto = QuartoRenderer(read_program(found), REPOSITORY)
    gone = [prose(f"{text}\n\nEfter {number}.") for number, text in enumerate(LEFT_OUT)]
    documents = [
        written_document(tmp_path, documented_cells()),
        written_document(tmp_path, gone, "2026-W18"),
    ]

    theirs, ours = quarto.render(documents), PandocRenderer().render(documents)

    assert [page.warnings for page in theirs] == [page.warnings for page in ours]
    aspects = compare_sites(
        write_site(tmp_path / "ours", ours), write_site(tmp_path / "theirs", theirs)
    )
    assert not any(aspect.different for aspect in aspects), parity_table(aspects)
