"""The live meeting: which phase it is in, who may speak, and what a press on its card does."""
