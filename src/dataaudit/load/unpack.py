"""Compressed and UTF-16 files, written aside as plain text; told by their first bytes, not by their names."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from dataaudit.errors import InputError

COPIED_BYTES = 1 << 20
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# zipfile tells an encrypted member by a bare RuntimeError and an unknown method by NotImplementedError.
UNPACKING_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, RuntimeError)


def plain_file(folder: Path, path: Path) -> Path:
    """Return an uncompressed file in UTF-8 or a single-byte encoding, written into the folder where needed.

    Raises
    ------
    InputError
        If the file cannot be unpacked or decoded.
    """
    unpacker = _unpacker(path)
    if unpacker is not None:
        aside = _new_file(folder)
        try:
            unpacker(path, aside)
        except UNPACKING_ERRORS as error:
            raise InputError(f"{path.name} cannot be unpacked: {error}", hint="the file may be truncated") from error
        return _without_utf_16(folder, aside, path.name)
    return _without_utf_16(folder, path, path.name)


def transcode(folder: Path, path: Path, encoding: str, name: str) -> Path:
    """Return a copy of the file in UTF-8; InputError, with the file's name for people, if it cannot be decoded."""
    aside = _new_file(folder)
    try:
        with path.open(encoding=encoding, newline="") as old, aside.open("w", encoding="utf-8", newline="") as new:
            shutil.copyfileobj(old, new, COPIED_BYTES)
    except UnicodeError as error:
        raise InputError(f"{name} cannot be decoded as {encoding}: {error}", hint="save it as UTF-8") from error
    return aside


def is_utf_8(path: Path) -> bool:
    """Return whether every byte of the file is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while block := stream.read(COPIED_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _unpacker(path: Path) -> Callable[[Path, Path], None] | None:
    with path.open("rb") as stream:
        start = stream.read(10)
    return next((unpack for mark, unpack in UNPACKERS.items() if start.startswith(mark)), None)


def _unpack_gzip(path: Path, aside: Path) -> None:
    with gzip.open(path, "rb") as packed:
        _copy(cast("IO[bytes]", packed), aside)


def _unpack_bzip2(path: Path, aside: Path) -> None:
    with bz2.open(path, "rb") as packed:
        _copy(packed, aside)


def _unpack_xz(path: Path, aside: Path) -> None:
    with lzma.open(path, "rb") as packed:
        _copy(packed, aside)


def _unpack_zstandard(path: Path, aside: Path) -> None:
    import pyarrow as pa

    with pa.input_stream(str(path), compression="zstd") as packed:
        _copy(packed, aside)


def _unpack_zip(path: Path, aside: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.namelist() if not member.endswith("/")]
        if "[Content_Types].xml" in members:
            raise InputError(f"{path.name} is an Excel or other Office file", hint="save its sheet as CSV")
        if len(members) != 1:
            raise InputError(f"{path.name} holds {len(members)} files", hint="unpack it and name the one to audit")
        with archive.open(members[0]) as packed:
            _copy(packed, aside)


# bzip2 is told by ten bytes, so that a CSV file whose first column is called BZh stays one.
UNPACKERS: dict[bytes, Callable[[Path, Path], None]] = {
    b"\x1f\x8b": _unpack_gzip,
    **{b"BZh%d1AY&SY" % level: _unpack_bzip2 for level in range(1, 10)},
    b"\xfd7zXZ\x00": _unpack_xz,
    b"PK\x03\x04": _unpack_zip,
    b"\x28\xb5\x2f\xfd": _unpack_zstandard,
}


def _copy(packed: IO[bytes], aside: Path) -> None:
    with aside.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked, COPIED_BYTES)


def _without_utf_16(folder: Path, path: Path, name: str) -> Path:
    with path.open("rb") as stream:
        mark = stream.read(2)
    return transcode(folder, path, "utf-16", name) if mark in UTF_16_MARKS else path


def _new_file(folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".csv", delete=False) as file:
        return Path(file.name)
