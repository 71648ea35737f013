"""What was done: operations, the sessions that they were done in, and what came of the rest."""

from lpe_reports.warehouse.columns import TableContract, code, day, flag, key, text, time, unit
from lpe_reports.warehouse.tables.shared import (
    AGE,
    ASA,
    OPERATING_UNIT,
    PATIENT,
    PROCEDURE,
    SECTION,
    SEX,
    URGENCY,
    VO,
    VO_OR_NONE,
)

THEATRE = text("theatre", "The theatre, spelt alike in operations and sessions (Hu C-op 01).")

OPERATIONS = TableContract(
    "operations",
    "One performed operation.",
    (
        key("operation_id", "op_", "The operation."),
        key("need_id", "ne_", "The decision (needs) that it carries out.", nullable=True),
        PATIENT,
        OPERATING_UNIT,
        THEATRE,
        VO,
        SECTION,
        unit(
            "patient_home", "The hospital whose list the patient stood on.", "hospital", other=True
        ),
        key("surgeon_key", "su_", "The responsible surgeon.", nullable=True),
        unit(
            "surgeon_home",
            "The hospital where the surgeon is employed.",
            "hospital",
            nullable=True,
            other=True,
        ),
        PROCEDURE,
        ASA,
        AGE,
        SEX,
        URGENCY,
        flag(
            "planned",
            "Whether it was on the operating programme; null is a group of its own.",
            nullable=True,
        ),
        time("decided_at", "The decision to operate.", nullable=True),
        time("requested_at", "The request to the operating department (SPOR V310).", nullable=True),
        time("scheduled_start_at", "When it was to begin, by the last programme.", nullable=True),
        time("scheduled_end_at", "When it was to end, by the last programme.", nullable=True),
        time("patient_in_at", "The patient enters the theatre (SPOR V540)."),
        time(
            "anaesthesia_start_at", "Anaesthesia begins, perhaps before the theatre.", nullable=True
        ),
        time("surgery_start_at", "The operation begins (SPOR V565)."),
        time("knife_start_at", "The first incision (SPOR V567).", nullable=True),
        time("surgery_end_at", "The operation ends (SPOR V570)."),
        time("anaesthesia_end_at", "Anaesthesia ends, perhaps after the theatre.", nullable=True),
        time("patient_out_at", "The patient leaves the theatre (SPOR V585)."),
        flag("anaesthesia_staff", "Whether anaesthesia staff took part."),
        text(
            "postop_planned", "Where the patient was to be looked after afterwards.", nullable=True
        ),
        text("postop_actual", "Where the patient was looked after afterwards.", nullable=True),
    ),
    key=("operation_id",),
    unit="operating_unit",
    time="surgery_start_at",
    parts="month",
    happened=True,
    optional=False,
    may_be_empty=False,
)

POSTOP_STAYS = TableContract(
    "postop_stays",
    "One stay in a postoperative unit.",
    (
        key("operation_id", "op_", "The operation before it."),
        unit("postop_unit", "The postoperative unit.", "postop_unit"),
        time("arrived_at", "The patient arrives."),
        time("ready_at", "The patient may leave, as staff judge it.", nullable=True),
        time("left_at", "The patient leaves; a stay is handed over when it is over."),
    ),
    key=("operation_id", "arrived_at"),
    unit="postop_unit",
    time="arrived_at",
    parts="month",
    happened=True,
)

CANCELLATIONS = TableContract(
    "cancellations",
    "One scheduled operation that was struck.",
    (
        key("event_id", "ev_", "The cancellation: an operation may be struck more than once."),
        key("need_id", "ne_", "The decision (needs) that was to be carried out."),
        OPERATING_UNIT,
        VO,
        SECTION,
        time("scheduled_start_at", "When the operation was to begin."),
        time("cancelled_at", "When it was struck; after its start where nobody came."),
        code(
            "reason_1",
            "Why, on level 1 of SPOR's list; 12 (not struck in truth) is not handed over.",
            *(str(number) for number in range(1, 12)),
        ),
        text("reason_2", "Why, on level 2 of SPOR's list (1a).", nullable=True),
    ),
    key=("event_id",),
    unit="operating_unit",
    time="scheduled_start_at",
    parts="month",
    happened=True,
    event="cancelled_at",
)

SESSIONS = TableContract(
    "sessions",
    "One theatre, one block of one day (salspass).",
    (
        key("session_id", "se_", "The session."),
        THEATRE,
        OPERATING_UNIT,
        day("date", "The day on which it begins."),
        time("start_at", "When it begins."),
        time("end_at", "When it ends."),
        VO_OR_NONE,
        SECTION,
        code(
            "status",
            "open: to be used; closed: nobody works; released: given back by whom it was given to.",
            "open",
            "closed",
            "released",
        ),
        time("staffed_from_at", "From when the theatre is staffed.", nullable=True),
        time("staffed_to_at", "Until when the theatre is staffed.", nullable=True),
        text("schedule", "The 10-week schedule that it belongs to (2026-W12/2026-W21)."),
        day("published_on", "When that schedule was published.", nullable=True),
    ),
    key=("session_id",),
    unit="operating_unit",
    time="date",
    parts="month",
    optional=False,
    may_be_empty=False,
)
