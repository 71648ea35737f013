"""What `lpe init` and `lpe new` write: a project's files, and a report's."""
