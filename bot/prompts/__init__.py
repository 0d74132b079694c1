"""What the bot says unasked around each meeting."""
