"""HTML as the standard wants it: what a page's markup may hold, and what in it is wrong."""
