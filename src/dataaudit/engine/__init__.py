"""Engines run the statements of the measurements over all rows."""
