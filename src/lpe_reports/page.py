"""What notebooks import: `from lpe_reports import page`, then `p = page.open(…)`."""

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import Group
from lpe_reports.display.page import Page
from lpe_reports.display.page import close_page as close
from lpe_reports.display.page import open_page as open
from lpe_reports.display.tables import Target

__all__ = ["Column", "Draft", "Group", "Page", "Target", "close", "open"]
