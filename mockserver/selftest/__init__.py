"""The self-test: what the stub sends as it is configured, held against its contract and its fixtures."""
