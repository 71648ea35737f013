"""The tables of the data contract.

Only words and no data, so that a plan, which must be quick, can import this without pandas.
What is checked, and with which consequence, is in `warehouse.rules` and `warehouse.contracts`.
"""

from lpe_reports.errors import UsageError
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.tables.activity import (
    CANCELLATIONS,
    OPERATIONS,
    POSTOP_STAYS,
    SESSIONS,
)
from lpe_reports.warehouse.tables.demand import NEEDS, WAITING_LIST
from lpe_reports.warehouse.tables.pathway import CONTACTS, REFERRALS, STAYS
from lpe_reports.warehouse.tables.plan import (
    ACTIVITIES,
    COMMENTS,
    LOAD_LOG,
    PRODUCTION_PLAN,
    TARGETS,
)
from lpe_reports.warehouse.tables.resources import COSTS, STAFFING

# Goes up when a column changes its meaning, so that an older night is not taken for a new one.
CONTRACT_VERSION = "1"

TABLES: dict[str, TableContract] = {
    contract.name: contract
    for contract in (
        OPERATIONS,
        NEEDS,
        WAITING_LIST,
        SESSIONS,
        POSTOP_STAYS,
        CANCELLATIONS,
        REFERRALS,
        CONTACTS,
        STAYS,
        PRODUCTION_PLAN,
        TARGETS,
        COMMENTS,
        ACTIVITIES,
        STAFFING,
        COSTS,
        LOAD_LOG,
    )
}


def table_contract(name: str) -> TableContract:
    """The contract of a table.

    Raises:
        UsageError: The contract has no such table.
    """
    try:
        return TABLES[name]
    except KeyError:
        raise UsageError(
            f"the data contract has no table '{name}'; it has {', '.join(TABLES)}"
        ) from None
