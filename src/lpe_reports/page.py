"""What notebooks import: `from lpe_reports import page`, then `p = page.open(…)`."""

# First of all: what is imported and read after it is noted, and known to be as it then was.
from lpe_reports.display import beside  # isort: split

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import Group
from lpe_reports.display.page import Page
from lpe_reports.display.page import close_page as close
from lpe_reports.display.page import open_page as open
from lpe_reports.display.tables import Target

# Before the fork of a notebook, where there is one: it need not do it again.
beside.imported_modules()
beside.watch()

__all__ = ["Column", "Draft", "Group", "Page", "Target", "close", "open"]
