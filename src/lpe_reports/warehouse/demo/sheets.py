"""The sheets of the office's workbook, from what its systems hold."""

from lpe_reports.warehouse.demo.days import date_of
from lpe_reports.warehouse.demo.plan import capacities, production_plan, targets
from lpe_reports.warehouse.demo.simulation import Lived
from lpe_reports.warehouse.demo.texts import activities, comments
from lpe_reports.warehouse.demo.workbook import Sheet
from lpe_reports.warehouse.demo.written import Written


def office_sheets(lived: Lived, written: Written, *, seed: int) -> list[Sheet]:
    """Plan, targets, comments and activities, as they stood on the last night."""
    until = date_of(lived.until)
    known = capacities(written.operations, lived.first)
    plan = production_plan(known, first=lived.first, until=lived.until, seed=seed)
    return [
        Sheet(
            "production_plan",
            ("vo", "section", "month", "version", "operations", "hours"),
            list(plan),
        ),
        Sheet(
            "targets",
            ("measure", "unit", "valid_from", "valid_to", "value", "direction"),
            list(targets(known, lived.first)),
        ),
        Sheet(
            "comments",
            ("unit", "period", "text", "updated_on"),
            list(comments(written.operations, written.sessions, until)),
        ),
        Sheet(
            "activities",
            ("activity_id", "vo", "title", "responsible_role", "due_on", "status", "updated_on"),
            list(activities(until)),
        ),
    ]
