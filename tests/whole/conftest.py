"""What all tests of whole processes share."""

from collections.abc import Iterator

import pytest

from tests.whole.process import Zygote


@pytest.fixture(scope="session", autouse=True)
def _end_of_the_zygote() -> Iterator[None]:
    yield
    Zygote.end_shared()
