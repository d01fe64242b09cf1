"""What changes while a stub runs."""
