"""The rules over notebooks, by what they are about; importing it makes them known."""

from lpe_reports.cli.checks.rules import (
    logic,
    named,
    parameters,
    reaching,
    reading,
    said,
    shown,
    stored,
    units,
)

__all__ = [
    "logic",
    "named",
    "parameters",
    "reaching",
    "reading",
    "said",
    "shown",
    "stored",
    "units",
]
