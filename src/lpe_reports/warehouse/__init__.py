"""From the warehouse to checked, checksummed extracts, and back out of them."""
