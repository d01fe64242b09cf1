"""A stub put together from its settings and files."""
