"""Names of dates that lie in the future by their nature, since they are planned ahead."""

from __future__ import annotations

import re

from dataaudit.measure.entity.names import words_of

PLANNED = re.compile(
    r"(?i)(^|[\W_])(due|expir\w*|expiry|maturity|matures|valid|schedul\w*|plan|planned|expected|estimated|eta|deadline|"
    r"until|renewal|target|forecast|promised|appointment|reserved|booked|book|next)([\W_]|$)"
    r"|[a-z](Due|Expir|Maturity|Schedul|Planned|Expected|Deadline|Until)"
)
# The plan was cancelled, the book returned: that was written down afterwards. But a card may be paid until a day.
DONE = re.compile(
    r"(^|_)(actual|actually|done|ended|finished|completed|closed|cancell?ed|terminated|stopped|dropped|aborted|"
    r"withdrawn|churned|left|died|returned|refunded|redeemed|repaid|paid|settled|collected|defaulted|breached|missed|"
    r"failed|reached|achieved|met|hit|fulfilled|performed|executed|attended|visited|arrived|departed|admitted|"
    r"discharged|delivered|shipped|received|resolved|solved|approved|rejected|declined|denied|sold|won|lost|"
    r"started|begun|renewed|reali[sz]ed)(?!_(until|till))(_|$)"
)


def is_planned_ahead(name: str) -> bool:
    """Return whether a name says due, expiry, scheduled or the like, and not that something is done.

    >>> [is_planned_ahead(name) for name in ("due_date", "paymentDueDate", "next_visit", "paid_until")]
    [True, True, True, True]
    >>> [is_planned_ahead(name) for name in ("plan_cancelled_at", "bookReturnedAt", "target-reached", "closed_at")]
    [False, False, False, False]
    """
    return PLANNED.search(name) is not None and DONE.search(words_of(name)) is None
