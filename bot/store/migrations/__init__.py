"""The way of the schema, step by step, from an empty database to what `tables` says today."""
