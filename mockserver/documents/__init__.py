"""Text with places: YAML and JSON documents, and the problems that are found in them."""
