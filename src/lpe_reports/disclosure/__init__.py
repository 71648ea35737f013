"""Disclosure control: what may be shown of numbers about few people."""
