"""Is a value what the contract asks for."""
