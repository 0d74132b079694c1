"""Meetings: when the group meets, who comes, and who does what there."""
