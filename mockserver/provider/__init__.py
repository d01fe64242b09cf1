"""A real provider: asked with limits, held against contract and fixtures, and captured as fixtures."""
