"""Groups: starting one, being a member, settings, pauses, and losing one's home."""
