"""A file that lies elsewhere: its name for DuckDB, its name for people, and why it may be out of reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dataaudit.engine.base import EngineError
from dataaudit.errors import InputError
from dataaudit.urls import WEB, scheme_of, without_credentials

# In which httpfs takes a star for a pattern; over http there is no list of files.
STORES = ("s3", "s3a", "s3n", "gs", "gcs", "r2", "hf")
COPY_IT = "copy the file here first"
STATUS = re.compile(r"\(HTTP (\d+)|returned HTTP (\d+)")
UNREACHED = re.compile(r"IO Error: (.+?) error for HTTP [A-Z]+ to")
NOT_FOUND = (404, 410)
# httpfs makes 0 of a refused question for the file's size.
REFUSED = (0, 400, 401, 403)


@dataclass(frozen=True)
class RemoteFile:
    """One file behind a URL, which may hold credentials: only `name` and `shown` are for people.

    It is text and no Path, which would take one slash of `://` away.
    """

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def shown(self) -> str:
        """The URL without credentials."""
        return without_credentials(self.url)

    @property
    def name(self) -> str:
        """The last part of the path, as for a file of this machine."""
        return self.shown.rstrip("/").rpartition("/")[2]

    @property
    def pattern(self) -> str:
        """What DuckDB is told: the files of stores are patterns, in which `*` and `[` must be escaped."""
        return self.url if scheme_of(self.url) in WEB else re.sub(r"[*\[]", r"[\g<0>]", self.url)


AnyFile = Path | RemoteFile


def whole_names(files: Sequence[AnyFile]) -> list[str]:
    """Return URLs without credentials, or whole paths; of files here and there, which have no folder in common, names.

    >>> whole_names([RemoteFile("s3://bucket/a.csv"), Path("b.csv")])
    ['a.csv', 'b.csv']
    """
    if len({type(file) is RemoteFile for file in files}) > 1:
        return [file.name for file in files]
    return [file.shown if isinstance(file, RemoteFile) else file.absolute().as_posix() for file in files]


def is_remote(name: str) -> bool:
    """Return whether httpfs reads files of such a name.

    >>> is_remote("gs://bucket/t.csv"), is_remote("ftp://host/t.csv"), is_remote("t.csv")
    (True, False, False)
    """
    return scheme_of(name) in (*WEB, *STORES)


def remote_file(name: str) -> RemoteFile:
    """Return the file of a name, its scheme in small letters as httpfs knows it; blanks become %20 on the web."""
    scheme, _, rest = name.partition("://")
    if scheme.lower() in WEB:
        rest = re.sub(r"""[\s'"<>]""", lambda odd: quote(odd[0]), rest)
    return RemoteFile(f"{scheme.lower()}://{rest}")


def not_read(error: EngineError, files: Sequence[AnyFile]) -> InputError:
    """Return an error for people about one of the files that DuckDB could not read."""
    return out_of_reach(error, files) or InputError(
        f"{_culprit(error, files)} cannot be read: {error.message.partition(': ')[2]}", hint=COPY_IT
    )


def out_of_reach(error: EngineError, files: Sequence[AnyFile]) -> InputError | None:
    """Return an error for people if the server or the network is to blame, else None."""
    if not any(isinstance(file, RemoteFile) for file in files):
        return None
    shown = _culprit(error, files)
    if status := STATUS.search(error.details):
        return _by_status(shown, int(status[1] or status[2]))
    if unreached := UNREACHED.search(error.details):
        return InputError(
            f"{shown} cannot be reached: {unreached[1]}",
            hint=f"look at the host's name and at the network, or {COPY_IT}",
        )
    return None


def _by_status(shown: str, status: int) -> InputError:
    if status in NOT_FOUND:
        return InputError(f"there is no file {shown}", hint="look at the name and the spelling")
    if status in REFUSED:
        told = f" (HTTP {status})" if status else ""
        return InputError(
            f"{shown} cannot be read: the server refuses it{told}",
            hint=f"give DuckDB a secret for it (see the README, Remote files), or {COPY_IT}",
        )
    return InputError(f"{shown} cannot be read: the server answers HTTP {status}", hint=f"try again, or {COPY_IT}")


def _culprit(error: EngineError, files: Sequence[AnyFile]) -> str:
    remote = [file.shown for file in files if isinstance(file, RemoteFile)]
    return next((shown for shown in remote if shown in error.details), remote[0])
