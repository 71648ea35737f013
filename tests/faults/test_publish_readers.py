"""Readers during publishing: no page or asset missing, nothing of two versions on one page.

A hundred publishes here; a thousand with LPE_LONG=1, and in the benchmark of versions.
"""

import os
from pathlib import Path

import pytest

from lpe_reports.settings import Project
from publishing_readers import read_while_publishing
from reliability.trials import Tried

PUBLISHES = 1000 if os.environ.get("LPE_LONG") else 100


@pytest.mark.promise("versions", "Readers during publishing meet no gap and no mixture of versions")
def test_readers_never_meet_a_gap_or_a_mixture(tmp_path: Path, tried: Tried) -> None:
    """Eight of them, all the while; now and then a version is gone back from."""
    found = read_while_publishing(Project(tmp_path), PUBLISHES)

    assert found.wrong == []
    # They read while it was published, and not one version all the time.
    assert found.views.total() > PUBLISHES
    assert len(found.views) > PUBLISHES / 10
    tried(PUBLISHES, "publishes")
    tried(found.views.total(), "page views")
