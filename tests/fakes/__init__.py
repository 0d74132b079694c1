"""Small servers that behave as the chat platforms do, for the real client libraries to talk to."""
