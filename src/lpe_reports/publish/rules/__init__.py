"""The gate's rules: each looks at a file, or at the files of a page, for what must not leave.

A rule is a function (see `publish.documents`): `Rule` for one file, `PageRule` for a page's files
together. It takes documents and gives faults with their places, never with what stands there.
"""
