"""Storing: what is kept between builds, whole and checked, and how it is removed."""
