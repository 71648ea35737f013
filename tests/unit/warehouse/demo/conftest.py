"""One demo for all tests of this folder: making it takes as long as they do together."""

from collections.abc import Iterator

import pandas as pd
import pytest
from opened_demo import Demo, open_demo

from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.make import make_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The default demo, as `lpe demo` makes it."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(Project(folder))
    opened = open_demo(folder)
    yield opened
    opened.database.close()


@pytest.fixture(scope="session")
def healthy(demo: Demo) -> pd.DataFrame:
    """The default demo's operations without rows that a planted fault concerns."""
    operations = demo.operations.drop_duplicates()
    operations = operations[operations["operating_unit"].notna()]
    late = operations["decided_at"] > operations["surgery_start_at"]
    return operations[~late]
