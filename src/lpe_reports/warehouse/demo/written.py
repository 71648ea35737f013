"""Everything that was lived, written down as tables: what was known on the last morning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from lpe_reports.warehouse.demo.cancellations import cancellations_table
from lpe_reports.warehouse.demo.care_tables import postop_table, stays_table
from lpe_reports.warehouse.demo.contacts import contact_parts, referral_parts
from lpe_reports.warehouse.demo.faults import (
    plant,
    plant_in_cancellations,
    plant_in_postop,
    plant_in_referrals,
    plant_in_stays,
)
from lpe_reports.warehouse.demo.resources import costs_table, staffing_table
from lpe_reports.warehouse.demo.simulation import Lived
from lpe_reports.warehouse.demo.tables import (
    needs_table,
    operation_numbers,
    operations_table,
    sessions_table,
)
from lpe_reports.warehouse.demo.waiting_table import WaitingTable, snapshot_days

Tables = Mapping[str, Iterable[pa.Table]]
TABLES = (
    "operations", "needs", "sessions", "postop_stays", "cancellations", "referrals", "contacts",
    "stays", "staffing", "costs", "waiting_list",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The tables in parts, each to be gone through once, and two of them as the office sees them.

    Attributes:
        tables: By name, faults planted.
        operations: Without faults.
        sessions: As they are in the tables.
    """

    tables: Tables
    operations: pd.DataFrame
    sessions: pd.DataFrame


def write_down(lived: Lived, *, snapshots: str, scale: float, seed: int) -> Written:
    """All tables of the source, as they stood on the morning of the last night."""
    people, referrals, links, after = lived.people, lived.referrals, lived.links, lived.after
    span = {"first": lived.first, "until": lived.until}
    number = operation_numbers(people, first=lived.first)
    operations = operations_table(
        people, lived.sessions, after, links, number, until=lived.until, scale=scale, seed=seed
    )
    sessions = sessions_table(lived.shown, **span, seed=seed)
    staffing = staffing_table(lived.shown, **span, seed=seed)
    postop = postop_table(people, after, number, until=lived.until)
    stays = stays_table(people, after, links, number, until=lived.until)
    struck = cancellations_table(people, lived.struck, until=lived.until)
    referred = referral_parts(people, referrals, links, **span, seed=seed)
    days = snapshot_days(lived.first, lived.until, snapshots)
    tables: Tables = {
        "operations": [_arrow(plant(operations, seed=seed))],
        "needs": [_arrow(needs_table(people, referrals, links, **span))],
        "sessions": [_arrow(sessions)],
        "postop_stays": [plant_in_postop(postop, seed=seed)],
        "cancellations": [plant_in_cancellations(struck, seed=seed)],
        "referrals": plant_in_referrals(referred, seed=seed),
        "contacts": contact_parts(people, referrals, links, **span, seed=seed),
        "stays": [plant_in_stays(stays, seed=seed)],
        "staffing": [staffing],
        "costs": [costs_table(operations, staffing, until=lived.until, seed=seed)],
        "waiting_list": WaitingTable(people, lived.referred, referrals).parts(days),
    }
    return Written(tables, operations, sessions)


def _arrow(table: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(table, preserve_index=False)
