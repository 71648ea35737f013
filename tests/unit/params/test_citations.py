"""`params/citations.yml`: versions that somebody has cited."""

from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.citations import load_citations


def read(tmp_path: Path, text: str) -> frozenset[str]:
    path = tmp_path / "citations.yml"
    path.write_text(text)
    return load_citations(path, tmp_path).ids


def test_a_version_reads_as_it_is_written(tmp_path: Path) -> None:
    """With a number behind the day, and without, which YAML takes for a date."""
    text = "versions:\n  - {id: 2026-05-12, cited: § 4}\n  - {id: 2026-05-12.2, cited: § 5}\n"

    assert read(tmp_path, text) == {"2026-05-12", "2026-05-12.2"}


def test_no_file_is_no_citation(tmp_path: Path) -> None:
    """A project made before there was such a file."""
    assert load_citations(tmp_path / "citations.yml", tmp_path).ids == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "versions:\n  - {id: latest, cited: § 4}\n",
        "versions:\n  - {id: 2026-05-12}\n",
        "versions: 2026-05-12\n",
        "cited: []\n",
    ],
)
def test_what_names_no_version_is_refused(tmp_path: Path, text: str) -> None:
    """With file and line: nothing may be removed because of a slip of the pen."""
    with pytest.raises(ParamsError, match=r"citations\.yml:\d"):
        read(tmp_path, text)
