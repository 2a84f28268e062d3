"""A proxy before the real service that fails as networks and services do."""

from __future__ import annotations

import gzip
import http.client
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Moody:
    """Each request uses up one mood: a status to answer with, a status and how many seconds to stay away, the body of a 200, or
    what to do instead; without any left it just forwards."""

    def __init__(self, target: str, moods: list[Any], most_bytes: int = 1 << 30) -> None:
        self.moods = moods
        self.requests = 0
        self.authorization: str | None = None
        moody = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                moody.requests += 1
                moody.authorization = self.headers.get("Authorization")
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mood = moody.moods.pop(0) if moody.moods else None
                plain = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                if len(plain) > most_bytes:
                    mood = 413
                if isinstance(mood, int):
                    self._answer(mood, b'{"title":"not now"}')
                elif isinstance(mood, tuple):
                    self._answer(mood[0], b'{"title":"not now"}', after=mood[1])
                elif isinstance(mood, bytes):
                    self._answer(200, mood)
                elif mood == "break off":
                    self._answer(503, b"{}", promised=50)
                elif mood != "hang up":
                    status, answer = self._forward(body)
                    if mood != "lose the answer":
                        self._answer(status, answer)
                self.close_connection = True

            def _forward(self, body: bytes) -> tuple[int, bytes]:
                names = ("Content-Type", "Content-Encoding")
                headers = {name: self.headers[name] for name in names if name in self.headers}
                with closing(http.client.HTTPConnection(urlsplit(target).netloc, timeout=10)) as connection:
                    connection.request("POST", self.path, body, headers)
                    answer = connection.getresponse()
                    return answer.status, answer.read()

            def _answer(self, status: int, body: bytes, after: int = 0, promised: int | None = None) -> None:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                if status in (429, 503):
                    self.send_header("Retry-After", str(after))
                self.send_header("Content-Length", str(promised or len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Moody:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
