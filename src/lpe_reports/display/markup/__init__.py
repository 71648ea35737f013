"""Blocks as markup: HTML for the page, Typst for the PDF, Markdown for an author's editor."""
