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
  (`emergency`). **Referrals** come to the clinics: some wait on a list to a first contact, others
  are urgent, answered without a visit, sent on or withdrawn (`first_contact`, `referrals`). Each
  planned decision finds the referral that it came from, and has its patient (`linking`).
- `people` brings all together: who is operated on leaves the list at that minute. What follows
  is the postoperative unit and the ward (`aftercare`); what was booked and did not come about is
  struck for a reason (`cancellations`).
- `written` has the tables, column by column (`tables`, `contacts`, `care_tables`, `resources`,
  `waiting_table`); the lists are photographed, never rebuilt. `plan`, `texts` and `workbook` are
  the office's own papers. `database` and `postgres` are the places that they are written to.

Levels are the office's (`office`, `catalogue`); one table is met exactly, by choosing the code
of operations that are alike (`steering`). Then faults are planted (`faults`), as in life.

Nothing that was known one night is other the next, but what was changed since: every row has the
time when its source last changed it, `changed_at`, and a demo of a later night differs from an
earlier one only in rows changed since (`known`). Therefore random numbers are drawn per purpose
and person (`draws`), choices are made in the order of time, and what lies after the last night
is lived but not written down. Years count only for where a demo begins: two demos that begin in
the same week have the same past.
"""
