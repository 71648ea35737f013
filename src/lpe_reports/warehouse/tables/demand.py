"""Who waits: decisions to operate, and the waiting lists as they stood."""

from lpe_reports.warehouse.columns import TableContract, code, day, key, text, time, unit, whole
from lpe_reports.warehouse.tables.shared import (
    AGE,
    ASA,
    DEVIATION,
    GUARANTEE,
    OPERATING_UNIT,
    PATIENT,
    PROCEDURE,
    SECTION,
    SEX,
    URGENCY,
    VO,
)

NEEDS = TableContract(
    "needs",
    "One decision to operate (operationsbehov).",
    (
        key("need_id", "ne_", "The decision."),
        PATIENT,
        key("referral_id", "re_", "The referral that led to it.", nullable=True),
        time("decided_at", "When it was decided to operate."),
        time("requested_at", "The request to the operating department.", nullable=True),
        URGENCY,
        whole("medical_priority", "Within how many days it should be done.", nullable=True),
        day("latest_on", "The day by which it should be done, medically.", nullable=True),
        PROCEDURE,
        ASA,
        AGE,
        SEX,
        OPERATING_UNIT,
        VO,
        SECTION,
        GUARANTEE,
        DEVIATION,
        time(
            "removed_at", "When it left the list: operated, or for another reason.", nullable=True
        ),
        text("removed_reason", "Why it left the list.", nullable=True),
    ),
    key=("need_id",),
    unit="operating_unit",
    time="decided_at",
    parts="month",
    happened=True,
    optional=False,
    may_be_empty=False,
)

WAITING_LIST = TableContract(
    "waiting_list",
    "One waiting person on one snapshot date.",
    (
        day("snapshot_date", "The day that shows how the list stood, in its morning."),
        code(
            "list",
            "What is waited for: a first contact with a clinic, or an operation.",
            "first_contact",
            "operation",
        ),
        key("entry_id", "en_", "The line of the list, the same from day to day."),
        unit("unit", "Where the person waits to be seen or operated.", "clinic", "operating_unit"),
        VO,
        SECTION,
        day("since_date", "The decision: to refer, or to operate. The wait is counted from it."),
        GUARANTEE,
        DEVIATION,
        day("booked_for", "The day that is booked; null: none.", nullable=True),
        ASA,
        text("procedure_code", "The planned procedure, KVÅ.", nullable=True),
    ),
    key=("snapshot_date", "list", "entry_id"),
    unit="unit",
    time="snapshot_date",
    parts="day",
    group="list",
    happened=True,
    optional=False,
    may_be_empty=False,
)
