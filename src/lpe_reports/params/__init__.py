"""What the office decides, as strict typed objects out of params/**/*.yml."""
