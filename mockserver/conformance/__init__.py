"""Contract, fixtures and their answers, checked against each other."""
