"""When a group meets: its recurrence, its coming meetings, their posts, seats and answers."""
