"""What a person says about themselves: their zone, their quiet hours, when they are away."""
