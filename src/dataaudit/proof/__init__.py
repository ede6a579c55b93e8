"""proof: what came in is audited, what was written is audited, and both stand side by side."""
