"""The guard that looks for what could identify somebody, before anything is kept or said."""
