"""What a reader sees: tables, charts, key figures, downloads; page is what notebooks import."""
