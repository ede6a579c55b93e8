"""Which context columns say who labelled."""

from __future__ import annotations

import re

ANNOTATOR = re.compile(
    r"(?:^|[\W_])(?:annotator|annotated|labell?er|labell?ed|rater|rated|coder|coded|grader|graded|assessor|assessed|"
    r"reviewer|reviewed|reader|observer|examiner|judge|operator|technician|expert|worker|analyst|physician|doctor|"
    r"clinician|nurse|pathologist|radiologist)s?(?:$|[\W_\d])"
)


def names_annotator(column: str) -> bool:
    """Return whether the name of a column says who labelled.

    >>> [names_annotator(name) for name in ("annotator", "labelled_by", "RaterId", "site", "camera")]
    [True, True, True, False, False]
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).lower()
    return ANNOTATOR.search(words) is not None
