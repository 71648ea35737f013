"""What these tests share lies beside the others' in `tests/supply_chain.py`."""

from supply_chain import audited as audited
from supply_chain import osv as osv
from supply_chain import run as run
