"""The bot itself: groups, meetings, cases and turns; it knows no chat platform."""
