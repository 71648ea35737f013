"""Pure arithmetic: frames in, a frame out; no files, no clock, no display.

Every measure takes canonical frames and, where it has one, `by`: the columns that make the
groups of its answer. A null is a group of its own. An empty frame gives an empty frame with
the same columns; a share whose denominator is 0 is NaN.
"""
