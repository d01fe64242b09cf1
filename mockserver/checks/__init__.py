"""Whether values and replies are what the contract asks for."""
