"""What a night imports that has nothing to do."""

import subprocess
import sys

# Each costs from a tenth of a second to several; a night that runs no notebook needs none.
HEAVY = (
    "altair", "duckdb", "html5lib", "http.server", "numpy", "pandas", "pandera", "papermill",
    "pyarrow", "scipy", "sqlalchemy", "statsmodels", "typst", "vl_convert", "xlsxwriter",
)  # fmt: skip
NIGHT = """
import sys
from lpe_reports.cli import application, pruned, steps, summary
from lpe_reports.build import deciding, nightly
from lpe_reports.build.planning import evidence, linked_before, source_stamp
from lpe_reports.build.storing import pruning
from lpe_reports.params import loading
from lpe_reports.render import assemble, indexes
from lpe_reports.warehouse.demo import fault_list
from lpe_reports.warehouse.nights import folders, freshness, history
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_a_night_with_nothing_to_do_imports_no_data_libraries() -> None:
    """Deciding that every page is current, and laying them, needs neither pandas nor its kin."""
    done = subprocess.run(
        [sys.executable, "-c", NIGHT, *HEAVY], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
