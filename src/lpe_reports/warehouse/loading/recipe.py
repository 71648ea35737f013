"""What the rows of a table were made with, so that rows made otherwise are never mixed with them.

A spelling that is mapped anew, a column of the contract, a rule: each of them may change rows that
the source has not touched. Where the recipe is another, the table is loaded whole.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from lpe_reports.params.sources import Sources
from lpe_reports.params.units import Units
from lpe_reports.warehouse.columns import TableContract

_FOLDER = Path(__file__).parents[1]
_MODULES = (
    "aliases.py",
    "columns.py",
    "contracts.py",
    "conversion.py",
    "distinct.py",
    "frames.py",
    "keys.py",
    "loading/cleaning.py",
    "nights/digests.py",
    "nights/hashes.py",
    "nights/parts.py",
    "personal_numbers.py",
    "rules/*.py",
    "spellings.py",
    "tables/*.py",
)
# What decides how often and how long a source is asked, and not what it answers.
_MANNERS = {
    "attempts",
    "exempt",
    "freshness",
    "keyring",
    "lock_seconds",
    "statement_seconds",
    "tables",
}


def recipe_of(source: str, sources: Sources, units: Units, contract: TableContract) -> str:
    """A digest of everything but the source's rows that decides what a table's rows become.

    Args:
        source: The source's name.
        sources: All sources, with the spellings that they share.
        units: The units, with theirs.
        contract: The table.
    """
    entry = sources.get(source)
    content = {
        "entry": entry.model_dump(mode="json", exclude=_MANNERS),
        "table": entry.tables[contract.name].model_dump(mode="json", exclude={"may_be_empty"}),
        "dim_alias": {
            name: each.model_dump(mode="json") for name, each in sources.dim_alias.items()
        },
        "units": [repr(unit) for unit in units],
        "contract": repr(contract),
        "source": source,
    }
    digest = hashlib.sha256(_package().encode())
    digest.update(json.dumps(content, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:32]


@cache
def _package() -> str:
    """A digest of the code that cleans, and of the libraries that it stands on."""
    digest = hashlib.sha256(f"{pa.__version__} {pd.__version__}".encode())
    for file in cleaning_modules():
        digest.update(f"\0{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def cleaning_modules() -> list[Path]:
    """The files of the code that decides what a row becomes.

    Raises:
        ValueError: One of them has been moved, and would be forgotten here.
    """
    found = {pattern: sorted(_FOLDER.glob(pattern)) for pattern in _MODULES}
    if gone := [pattern for pattern, files in found.items() if not files]:
        raise ValueError(f"no such module in warehouse/: {', '.join(gone)}")
    return [file for files in found.values() for file in files]
