"""Which runs are needed, and running them."""
