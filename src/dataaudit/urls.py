"""Remote names: what is one, and how it is told without the credentials in it."""

from __future__ import annotations

import re

URL = re.compile(r"""([A-Za-z][A-Za-z0-9+.-]*)://([^\s'"<>]*)""")
WEB = ("http", "https")


def scheme_of(name: str) -> str | None:
    """Return the scheme of a remote name in small letters, None for a name of this machine.

    >>> scheme_of("S3://bucket/t.parquet"), scheme_of("t.parquet")
    ('s3', None)
    """
    found = URL.match(name)
    return found[1].lower() if found else None


def without_credentials(text: str) -> str:
    """Return the text with users, passwords and queries (where signatures stand) left out of every URL in it.

    >>> without_credentials("no https://me:secret@host/t.csv?sig=abc, nor s3://bucket/t.csv?s3_region=x")
    'no https://host/t.csv nor s3://bucket/t.csv'

    A question mark in the name of a bucket's file begins no query.

    >>> without_credentials("s3://bucket/part-?.csv")
    's3://bucket/part-?.csv'
    """
    return URL.sub(_bare, text)


def _bare(url: re.Match[str]) -> str:
    scheme, rest = url[1], url[2]
    authority, slash, path = rest.partition("/")
    if "@" in path and ":" in authority and not re.search(r":\d*$", authority):
        # A slash in a password that should have been written %2F.
        authority, slash, path = path.rpartition("@")[2].partition("/")
    rest = authority.rpartition("@")[2] + slash + path
    end = r"[?#].*" if scheme.lower() in WEB else r"\?[^?]*=.*"
    return f"{scheme}://{re.sub(end, '', rest)}"
