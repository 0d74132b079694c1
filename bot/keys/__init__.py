"""Keys: what people write is kept encrypted, and is gone when its key is."""
