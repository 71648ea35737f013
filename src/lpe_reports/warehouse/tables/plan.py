"""What the office keeps: plan, targets, comments and activities; and the log of loads."""

from lpe_reports.warehouse.columns import Kind, TableContract, code, key, several, unit, whole
from lpe_reports.warehouse.tables.shared import ANY_UNIT, VO

PRODUCTION_PLAN = TableContract(
    "production_plan",
    "The plan of one section for one month, in one version.",
    (
        VO,
        unit("section", "section"),
        *several(Kind.MONTH, "month"),
        *several(Kind.DATE, "version"),
        whole("operations"),
        *several(Kind.NUMBER, "hours"),
    ),
    key=("vo", "section", "month", "version"),
    unit="vo",
)

TARGETS = TableContract(
    "targets",
    "The target of one unit for one measure, from a day on.",
    (
        *several(Kind.TEXT, "measure"),
        ANY_UNIT,
        *several(Kind.DATE, "valid_from"),
        *several(Kind.DATE, "valid_to", nullable=True),
        *several(Kind.NUMBER, "value"),
        code("direction", "up", "down"),
    ),
    key=("measure", "unit", "valid_from"),
    unit="unit",
)

COMMENTS = TableContract(
    "comments",
    "What the office wrote about one unit's period.",
    (
        ANY_UNIT,
        *several(Kind.PERIOD, "period"),
        *several(Kind.TEXT, "text"),
        *several(Kind.DATE, "updated_on"),
    ),
    key=("unit", "period"),
    unit="unit",
)

ACTIVITIES = TableContract(
    "activities",
    "One line of the activity list.",
    (
        key("activity_id", "ac_"),
        VO,
        *several(Kind.TEXT, "title", "responsible_role"),
        *several(Kind.DATE, "due_on", nullable=True),
        code("status", "planned", "ongoing", "done", "late"),
        *several(Kind.DATE, "updated_on"),
    ),
    key=("activity_id",),
    unit="vo",
)

LOAD_LOG = TableContract(
    "load_log",
    "How the load of one table went, this night.",
    (
        *several(Kind.TEXT, "table"),
        *several(Kind.DATE, "snapshot_date"),
        *several(Kind.TIME, "loaded_at"),
        whole("rows"),
        whole("rejected"),
        whole("repaired"),
        *several(Kind.TIME, "latest_event_at", nullable=True),
        *several(Kind.TEXT, "sha256"),
    ),
    key=("table", "snapshot_date"),
    unit=None,
    made=True,
)
