"""How fast the stub is, measured; `python -m bench` prints the tables."""
