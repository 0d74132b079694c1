"""Cases: what members want to present, and the fair order they come in."""
