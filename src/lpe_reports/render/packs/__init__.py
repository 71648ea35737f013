"""Meeting packs: the pages that a forum needs, as one PDF per period."""
