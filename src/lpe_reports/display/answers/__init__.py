"""Named answers of the reports: what is asked, how it is reckoned, what of it is shown."""
