"""Generated records: Faker's words, made repeatable, coherent and true to a schema."""
