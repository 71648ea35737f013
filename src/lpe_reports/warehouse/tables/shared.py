"""Columns that several tables have."""

from lpe_reports.warehouse.columns import code, flag, key, text, unit, whole

PATIENT = key("patient_key", "pt_", "The patient, the same in every table.")
VO = unit(
    "vo", "The verksamhetsområde (VO) that it belongs to, also where another unit runs it.", "vo"
)
VO_OR_NONE = unit("vo", "The VO that it is allocated to; null: to nobody.", "vo", nullable=True)
SECTION = unit("section", "The VO's section, where it has sections.", "section", nullable=True)
OPERATING_UNIT = unit("operating_unit", "The operating department.", "operating_unit")
URGENCY = code("urgency", "Planned or emergency care.", "elective", "emergency")
GUARANTEE = flag("guarantee", "Whether the wait is covered by the care guarantee (vårdgaranti).")
DEVIATION = code(
    "deviation",
    "Why a wait may be longer: pvv is the patient's own choice, mov is for medical reasons.",
    "none",
    "pvv",
    "mov",
)
PROCEDURE = text("procedure_code", "The main procedure, KVÅ (NGB49).")
ASA = whole("asa", "The anaesthesiologist's class of physical status.", 1, 6, nullable=True)
AGE = whole("age", "The patient's whole years on that day.", 0, 120, nullable=True)
SEX = code("sex", "The patient's sex.", "F", "M", nullable=True)
ANY_UNIT = unit(
    "unit", "The unit that it is about.", "vo", "operating_unit", "clinic", "hospital", "section"
)
STAFFED_UNIT = unit(
    "unit",
    "The unit whose staff or money it is.",
    "vo",
    "operating_unit",
    "postop_unit",
    "clinic",
    "hospital",
    "section",
)
