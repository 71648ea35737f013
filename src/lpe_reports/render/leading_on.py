"""A page that leads on to another: where one has moved, and into the newest version."""

from html import escape

_PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={href}">
<link rel="canonical" href="{href}">
<title>{title}</title>
</head>
<body>
<main><h1>{title}</h1><p><a href="{href}">{link}</a></p></main>
</body>
</html>
"""


def leading_page(href: str, *, title: str, link: str) -> bytes:
    """A page that leads on at once, and by a link where a browser does not.

    Args:
        href: Where to, from the page's own folder.
        title: What the page says it is, in Swedish.
        link: What the link says.
    """
    return _PAGE.format(href=escape(href), title=escape(title), link=escape(link)).encode()
