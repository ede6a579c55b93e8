"""Train and the other splits side by side, gathered for the report's pictures once all rules have judged: no verdict.

The room lies above `rules`, since it reads findings, and below `auditing`. It asks facts that were measured already
and never starts a measurement.
"""
