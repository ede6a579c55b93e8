"""Columns that look as if they named a person or a thing with several rows."""
