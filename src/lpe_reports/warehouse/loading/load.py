"""Loading one table of a source into a night, in the way that its kind is divided."""

import pyarrow as pa

from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import stored_schema
from lpe_reports.warehouse.loading.daily import load_days
from lpe_reports.warehouse.loading.increments import load_months
from lpe_reports.warehouse.loading.table_load import Job, TableLoad
from lpe_reports.warehouse.nights.dividing import HASH
from lpe_reports.warehouse.nights.manifest import TableManifest
from lpe_reports.warehouse.tables import TABLES


def load_table(job: Job, name: str) -> TableManifest:
    """Load a table: fetch, clean, check, divide and store it.

    Args:
        job: What it is loaded with.
        name: The table.

    Raises:
        SourceError: The source does not hand it over.
        ContractError: It breaks the contract.
        ExtractError: A waiting list is stored already with other content.
    """
    contract = TABLES[name]
    match contract.parts:
        case "month":
            return load_months(job, contract)
        case "day":
            return load_days(job, contract)
        case _:
            return _load_whole(job, contract)


def _load_whole(job: Job, contract: TableContract) -> TableManifest:
    """Load a table that is kept in one piece, such as the plan; it is small."""
    load = TableLoad(job, contract, job.base or job.linked)
    schema = stored_schema(contract.columns).append(pa.field(HASH, pa.uint64()))
    tables = [schema.empty_table()]
    for piece in load.pieces():
        hashes = pa.array(piece.hashes[piece.cleaned.kept])
        tables.append(piece.cleaned.rows.append_column(schema.field(HASH), hashes))
    rows = pa.concat_tables(tables)
    keep, copies = load.cleaner.alone(rows, rows.column(HASH).to_numpy())
    load.add_findings(copies)
    rows = rows.filter(pa.array(keep))
    load.cleaner.refuse_shared_keys(rows.column(HASH).to_numpy())
    load.add_findings(load.cleaner.together(rows.select(list(contract.names)), 0))
    load.refuse_if_broken(load.tonight, load.cleaner.tally.fetched, empty=not rows.num_rows)
    load.writer.write(rows)
    load.note_latest(rows)
    full_on = job.night.isoformat()
    return load.manifest("full", full_on=full_on, recipe=job.recipe(contract))
