"""Loading a source's tables into a night: fetched, cleaned, divided, and linked where unchanged."""
