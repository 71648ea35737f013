"""Series: one measure of one unit, period by period, with target, limits and what it was before."""
