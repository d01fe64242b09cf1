"""Generated records: Faker's words, made repeatable, coherent and valid against a schema."""
