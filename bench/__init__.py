"""What things cost, as ratios taken in one run: see `make bench`."""
