"""The benchmark of whole nights runs, and what it says is of the nights that it ran."""

from pathlib import Path

import pytest
from tests.bench import office as offices
from tests.bench.builds import OWN, measure_builds
from tests.bench.office import TINY, make_office
from tests.bench.peers import PAPERMILL, papermill_alone


def test_nights_are_measured_beside_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page is built once, none when nothing changed, and all processes' work is counted."""
    monkeypatch.setattr(offices, "BENCH", tmp_path)
    office = make_office("smoke", 4, TINY)

    found = measure_builds(office, [papermill_alone()], 1)

    assert [way.way for way in found.ways] == [OWN, PAPERMILL]
    assert [night.built for night in found.nights] == [4, 0, 4, 0]
    assert [night.pages for night in found.nights] == [4] * 4
    # Notebooks run and pages are rendered in processes of their own, several at a time.
    first, nothing = found.nights[0].cost, found.nights[1].cost
    assert first.cpu_seconds > 2 * nothing.cpu_seconds > 0
    assert first.peak_mb > nothing.peak_mb > 0
    assert found.ways[1].cpu_seconds > 0.5
