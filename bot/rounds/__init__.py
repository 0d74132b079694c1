"""The bot about itself: help, a panel of buttons, what it does next and what it keeps."""
