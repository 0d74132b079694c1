"""One folder a chat platform: translate what is asked, render what is answered."""
