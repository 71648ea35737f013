"""What the documents lead to is there: pages, headings, pictures, files that they name."""

import re
from pathlib import Path

from read_docs import ROOT, all_documents, anchors, documents, links, spans

# What commands make, or what a reader has and this repository has not.
_MADE = ("build/", "data/", "public/", ".venv/")
_PATH = re.compile(r"^\.?[\w-]+/[\w./-]*[\w-]\.[a-z]{1,6}$|^\.?[\w-]+/(?:[\w-]+/)*$")
# What the worked examples have their readers write.
_NOT_HERE = {
    "tests/notebooks/test_emergencies.py",
    "params/reports/emergencies.yml",
    "reports/utilisation/emergencies.ipynb",
}


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    """Of every document, the generated ones too."""
    lost = []
    for path in all_documents():
        for link in links(path):
            if link.text.startswith(("http://", "https://", "mailto:")):
                continue
            file, _, fragment = link.text.partition("#")
            target = (path.parent / file).resolve() if file else path
            if not target.exists():
                lost.append(f"{link.place}: there is no {link.text}")
            elif fragment and target.suffix == ".md" and fragment not in anchors(target):
                lost.append(f"{link.place}: {target.name} has no heading #{fragment}")

    assert lost == []


def test_every_file_that_is_named_is_there() -> None:
    """A path in code is one of the project, of its package or of its docs."""
    lost = []
    for path in documents():
        for span in spans(path):
            name = span.text
            if not _PATH.match(name) or name.startswith(_MADE) or name in _NOT_HERE:
                continue
            ours = not name.endswith("/") or (ROOT / name.split("/")[0]).exists()
            if not ours or name.endswith(".html"):  # of the site, or of build/
                continue
            if not any((start / name).exists() for start in _starts(path)):
                lost.append(f"{span.place}: there is no {name}")

    assert lost == []


def _starts(document: Path) -> list[Path]:
    """Where a path of a document may begin."""
    package = ROOT / "src" / "lpe_reports"
    return [ROOT, document.parent, ROOT / "src", package, package / "display", ROOT / "reports"]
