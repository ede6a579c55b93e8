"""A file that the system would not let be written, in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from dataaudit.errors import ConfigError

TOLD_APART = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)
HINT = "check the space and the permissions around --output, and of the folder for temporary files (TMPDIR)"


def refused(path: Path, details: str) -> ConfigError:
    """Return the error for a file of the output that could not be written, from what the engine said.

    >>> refused(Path(".out.part/train.csv"), "IO Error: range 3: No space left on device").message
    'train.csv of the output cannot be written: No space left on device'
    """
    known = [words for words in map(os.strerror, TOLD_APART) if words in details]
    reason = known[0] if known else details.splitlines()[0].replace(str(path), path.name)
    return ConfigError(f"{path.name} of the output cannot be written: {reason}", HINT)
