"""The flat dataset of all pages, for Power BI, Excel and analysts."""
