"""One request to the service, and what its answer means for the samples."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

#: Bodies below this are sent as they are.
PACK_FROM_BYTES = 1_400
#: An answer is never longer; what is longer is not one of the service.
MOST_ANSWER_BYTES = 8 << 20


@dataclass(frozen=True)
class Taken:
    """The service has answered for each sample: those that it keeps are on its disk."""

    accepted: int
    duplicate: int
    rejections: Sequence[dict[str, Any]] = field(default=())


@dataclass(frozen=True)
class TooLarge:
    """The service would take fewer at once."""


@dataclass(frozen=True)
class Later:
    """Nothing is known to be kept. The same lines may be sent again: their times make it harmless."""

    reason: str
    after: float | None = None


Answer = Taken | TooLarge | Later


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Samples and a token go to whom they are meant for, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class Door:
    """Where samples are taken."""

    url: str
    token: str | None
    timeout: float

    def send(self, lines: Sequence[str]) -> Answer:
        try:
            return self._ask(lines)
        except Exception as error:  # noqa: BLE001 -- whatever came instead of an answer, who sends must live.
            return Later(f"no answer from {self.url}: {type(error).__name__}: {error}")

    def _ask(self, lines: Sequence[str]) -> Answer:
        try:
            with _opener.open(self._request(lines), timeout=self.timeout) as answer:
                return _taken(answer.read(MOST_ANSWER_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                return _understood(error)

    def _request(self, lines: Sequence[str]) -> urllib.request.Request:
        body = "\n".join(lines).encode()
        headers = {"Content-Type": "application/x-ndjson", "User-Agent": "iskra-client-python"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if len(body) > PACK_FROM_BYTES:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        return urllib.request.Request(f"{self.url}/api/v1/samples", data=body, headers=headers)


def _taken(body: bytes) -> Taken:
    report = json.loads(body)
    rejections = [rejection for rejection in report.get("rejections", ()) if isinstance(rejection, dict)]
    return Taken(int(report["accepted"]), int(report["duplicate"]), rejections)


def _understood(error: urllib.error.HTTPError) -> Answer:
    body = error.read(MOST_ANSWER_BYTES)
    if error.code == 413:
        return TooLarge()
    if error.code == 422:
        try:
            return _taken(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # Not an answer of Iskra.
    return Later(
        f"{error.url} answered {error.code}: {_why(body) or error.reason}", _after(error.headers.get("Retry-After"))
    )


def _why(body: bytes) -> str:
    """What a problem (RFC 9457) says, if it is one."""
    try:
        problem = json.loads(body)
        return str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, AttributeError):
        return ""


def _after(header: str | None) -> float | None:
    return float(header) if header and header.isdecimal() else None
