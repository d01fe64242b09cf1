"""An OpenAPI document as values: its operations, parameters, responses and schemas."""
