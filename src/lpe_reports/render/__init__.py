"""From executed notebooks to pages, PDFs and indexes."""
