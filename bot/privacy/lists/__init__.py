"""The words the guard knows: compiled lists, and what is allowed with the reason why."""
