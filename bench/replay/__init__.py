"""Holds what the stub answers now against what another commit of it answered: see `python -m bench.replay --help`."""
