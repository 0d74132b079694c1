"""The order of the queue, as it stands: cases and meetings both read it."""
