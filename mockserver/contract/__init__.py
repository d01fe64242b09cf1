"""An OpenAPI document as values."""
