"""The metronome: writes down what is due and sends it."""
