"""What people read about Rounds that is made from Rounds itself."""
