"""What `lpe check` looks at, a small rule for each thing that can be wrong."""
