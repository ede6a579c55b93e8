"""Facts about how the rows of train lie in the space of the features."""

from __future__ import annotations

from dataaudit.measure.recall import Part


class Spread(Part):
    """Conditioning, units within a column, emptiness around rows of other splits."""
