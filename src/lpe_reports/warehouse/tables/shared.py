"""Columns that several tables have."""

from lpe_reports.warehouse.columns import Column, Kind, code, unit, whole

VO = unit("vo", "vo")
VO_OR_NONE = unit("vo", "vo", nullable=True)
SECTION = unit("section", "section", nullable=True)
OPERATING_UNIT = unit("operating_unit", "operating_unit")
URGENCY = code("urgency", "elective", "emergency")
DEVIATION = code("deviation", "none", "pvv", "mov")
ASA = whole("asa", 1, 6, nullable=True)
AGE = whole("age", 0, 120, nullable=True)
SEX = code("sex", "F", "M", nullable=True)
GUARANTEE = Column("guarantee", Kind.FLAG)
ANY_UNIT = unit("unit", "vo", "operating_unit", "clinic", "hospital", "section")
