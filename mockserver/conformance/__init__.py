"""Contract and fixtures held against each other."""
