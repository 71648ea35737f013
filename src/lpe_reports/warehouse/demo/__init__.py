"""The demo warehouse: a made-up office that lives like the real one, so that its tables agree.

No real extract may leave, so the project makes one. It is not drawn table by table: three
hospitals are lived through week by week, and the tables are what their systems would hold on
the morning of the last night.

- **Decisions** to operate arrive at each queue (a section at one operating department) with the
  season, a little faster when its list is shorter than it used to be (`booking`, `pool`).
- **Sessions** are laid in ten-week schedules, published eight weeks ahead: which section has
  which theatre on which weekday. Some theatre-days are closed for want of staff, many in
  summer; on days off there are none. While Bollnäs is closed, its patients have theatre-days in
  Gävle and Hudiksvall, or wait (`sessions`, `days`).
- Every Monday sessions are **filled** from the head of the queue, by priority and turn, three
  weeks ahead and what is left one week ahead. Some bookings are struck, some people leave
  (`booking`). On the day, patients follow one another through the theatre (`theatre`).
- **Emergencies** come around the clock to Gävle and Hudiksvall and wait for a theatre
  (`emergency`). **Referrals** wait for a first contact at the clinics (`first_contact`).
- `people` brings all together: who is operated on leaves the list at that minute. `tables` and
  `waiting_table` write it down; the lists are photographed, never rebuilt. `plan`, `texts` and
  `workbook` are the office's own papers.

Levels are the office's (`office`, `catalogue`); one table is met exactly, by choosing the code
of operations that are alike (`steering`). Then faults are planted (`faults`), as in life.

Random numbers are drawn per purpose (`draws`), so the same seed gives the same tables, and a
demo of a later night in the same year has the same past.
"""

from lpe_reports.warehouse.demo.fault_list import FAULTS, Fault
from lpe_reports.warehouse.demo.make import (
    LAST_NIGHT,
    SEED,
    Size,
    make_demo,
    make_demo_in_postgres,
)
from lpe_reports.warehouse.demo.postgres import PostgresPlace

__all__ = [
    "FAULTS",
    "LAST_NIGHT",
    "SEED",
    "Fault",
    "PostgresPlace",
    "Size",
    "make_demo",
    "make_demo_in_postgres",
]
