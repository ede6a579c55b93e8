"""Rows that nearly agree, within train and across splits."""
