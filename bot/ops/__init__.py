"""What whoever runs the bot needs: backup, health, checks, logs, and one bot at a time."""
