"""Mend what the rules found: plan edits, apply them round by round until nothing is left to mend, and list them."""
