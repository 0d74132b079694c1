"""Keeping Python's garbage collector from holding up the loop."""

from __future__ import annotations

import gc


def spare_the_loop() -> None:
    """Call once, when everything is loaded and connected.

    A full collection looks at all that the libraries loaded, which takes longer than anything
    else the loop does at one go, and finds nothing there: it is set aside for good, and what
    comes after is looked through less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
