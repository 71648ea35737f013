"""What the office keeps: plan, targets, comments and activities; and the log of loads."""

from lpe_reports.warehouse.columns import (
    Column,
    Kind,
    TableContract,
    code,
    day,
    key,
    number,
    text,
    time,
    unit,
    whole,
)
from lpe_reports.warehouse.tables.shared import ANY_UNIT, VO

PRODUCTION_PLAN = TableContract(
    "production_plan",
    "The plan of one section for one month, in one version.",
    (
        VO,
        unit("section", "The VO's section.", "section"),
        Column("month", Kind.MONTH, "The month that is planned."),
        day("version", "The day of the version; it replaces older ones from its own month on."),
        whole("operations", "Planned operations."),
        number("hours", "Planned operation hours.", 0),
    ),
    key=("vo", "section", "month", "version"),
    unit="vo",
)

TARGETS = TableContract(
    "targets",
    "The target of one unit for one measure, from a day on.",
    (
        text("measure", "The measure's id in params/glossary.yml."),
        ANY_UNIT,
        day("valid_from", "The first day."),
        day("valid_to", "The last day; null: until further notice.", nullable=True),
        number(
            "value",
            "The target; a share is a number from 0 to 1, counts and hours are those of a week.",
        ),
        code("direction", "Whether higher (up) or lower (down) is better.", "up", "down"),
    ),
    key=("measure", "unit", "valid_from"),
    unit="unit",
)

COMMENTS = TableContract(
    "comments",
    "What the office wrote about one unit's period.",
    (
        ANY_UNIT,
        Column("period", Kind.PERIOD, "The week, month … that it is about."),
        text("text", "As it is shown; it names no patients."),
        day("updated_on", "When it was last written in."),
    ),
    key=("unit", "period"),
    unit="unit",
)

ACTIVITIES = TableContract(
    "activities",
    "One line of the activity list.",
    (
        key("activity_id", "ac_", "The activity."),
        VO,
        text("title", "What is to be done."),
        text("responsible_role", "The role that is responsible; no name of a person."),
        day("due_on", "When it is to be done.", nullable=True),
        code("status", "How far it is.", "planned", "ongoing", "done", "late"),
        day("updated_on", "When the line was last changed."),
    ),
    key=("activity_id",),
    unit="vo",
)

LOAD_LOG = TableContract(
    "load_log",
    "How the load of one table went, this night.",
    (
        text("table", "The table."),
        day("snapshot_date", "The night's day."),
        time("loaded_at", "When the load began."),
        whole("rows", "Rows in the night."),
        whole("rejected", "Rows that were set aside."),
        whole("repaired", "Rows that were mended, or dropped as copies of another."),
        time("latest_event_at", "The table's newest event.", nullable=True),
        text("sha256", "A digest of the table's content."),
    ),
    key=("table", "snapshot_date"),
    unit=None,
    made=True,
)
