"""What any chat platform must be able to ask and say."""
