"""What it takes: staff and money."""

from lpe_reports.warehouse.columns import Column, Kind, TableContract, day, number, text
from lpe_reports.warehouse.tables.shared import STAFFED_UNIT

STAFFING = TableContract(
    "staffing",
    "The hours of one role at one unit on one day.",
    (
        STAFFED_UNIT,
        day("date", "The day."),
        text("role", "The role (operationssjuksköterska)."),
        number("scheduled_hours", "Hours that should be worked.", 0),
        number("worked_hours", "Hours that were worked; null: not yet known.", 0, nullable=True),
        number("vacant_hours", "Scheduled hours that nobody filled.", 0, nullable=True),
    ),
    key=("unit", "date", "role"),
    unit="unit",
    time="date",
    parts="month",
)

COSTS = TableContract(
    "costs",
    "One account of one unit for one month.",
    (
        STAFFED_UNIT,
        Column("month", Kind.MONTH, "The month."),
        text("account", "The account, by number or name."),
        number("budget", "Kronor in the budget; income is negative."),
        number("actual", "Kronor in the books; income is negative."),
    ),
    key=("unit", "month", "account"),
    unit="unit",
)
