"""The written case: for groups that cannot meet, phases of days in which everybody writes."""
