"""Facts from frames, as the tests of the measurements have them."""

from tests.measure.conftest import measure

__all__ = ["measure"]
