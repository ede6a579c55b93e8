"""A web server on this machine that serves a folder, by ranges as Parquet asks, and lists it as S3 does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

STATUS = re.compile(r"/status/(\d+)/")


def httpfs_is_installed() -> bool:
    """Return whether someone has installed the extension for this version of DuckDB."""
    query = "SELECT installed FROM duckdb_extensions() WHERE extension_name = 'httpfs'"
    with duckdb.connect() as connection:
        row = connection.execute(query).fetchone()
    return row is not None and bool(row[0])


class Web:
    """What a test knows of the server: its address, and which files were fetched whole or in parts, and how much."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole: list[str] = []
        self.parts: list[str] = []
        self.n_bytes = 0
        web = self

        class Handler(_Handler):
            def asked_for(self) -> Web:
                return web

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"

    def url(self, name: str, user: str = "") -> str:
        return f"http://{user}{self.host}/{name}"


@contextmanager
def serving(folder: Path) -> Iterator[Web]:
    """Serve a folder while the block runs."""
    web = Web(folder)
    thread = Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.server.shutdown()
        web.server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def asked_for(self) -> Web:
        raise NotImplementedError

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the standard library
        """Say nothing on stderr."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        web = self.asked_for()
        url = urlsplit(self.path)
        file = web.folder / unquote(url.path).lstrip("/")
        if status := STATUS.match(url.path):
            self._send(int(status[1]), b"")
        elif "list-type" in url.query:
            self._send(200, _listing(file, parse_qs(url.query)))
        elif file.is_file():
            if self.command == "GET":
                (web.parts if "Range" in self.headers else web.whole).append(file.name)
            self._send_file(file)
        else:
            self._send(404, b"")

    def _send_file(self, file: Path) -> None:
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self._send(200, file.read_bytes())
            return
        size = file.stat().st_size
        first, last = int(asked[1]), int(asked[2] or size - 1)
        with file.open("rb") as stream:
            stream.seek(first)
            part = stream.read(last + 1 - first)
        self._send(206, part, f"bytes {first}-{first + len(part) - 1}/{size}")

    def _send(self, status: int, content: bytes, content_range: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", '"the only version"')
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.send_header("Content-Length", str(len(content)))
        if content_range is not None:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if self.command == "GET":
            self.asked_for().n_bytes += len(content)
            self.wfile.write(content)


def _listing(bucket: Path, query: dict[str, list[str]]) -> bytes:
    """Return the files of a bucket as S3 lists them."""
    names = sorted(str(path.relative_to(bucket)) for path in bucket.rglob("*") if path.is_file())
    found = [name for name in names if name.startswith(query.get("prefix", [""])[0])]
    contents = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in found)
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()
