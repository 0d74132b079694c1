"""Discord: the bot's words as messages and forms, and what people do there as requests."""
