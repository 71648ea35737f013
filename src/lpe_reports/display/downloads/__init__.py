"""A page's files: Excel, CSV and JSON, with the same bytes from the same page."""
