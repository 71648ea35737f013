"""Planning: which runs there are, which still hold, and why the others run."""
