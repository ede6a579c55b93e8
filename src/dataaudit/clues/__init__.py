"""What gives the label away, gathered for the report's pictures once all rules have judged: numbers, no verdict.

The room lies above `rules`, since it reads findings in the words the rules wrote, and below `auditing`. It asks
facts that were measured already and never starts a measurement.
"""
