"""From a candidate to a published version."""
