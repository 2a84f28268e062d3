"""Takes samples at once and brings them to the service in the background."""

from __future__ import annotations

import atexit
import logging
import os
import random
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from iskra.door import Door, Later, Taken, TooLarge
from iskra.sample import Signals, line_of
from iskra.spool import SEGMENT_SAMPLES, DiskSpool, MemorySpool, Spool

log = logging.getLogger("iskra")

#: Waits after a failure lie between the first and the last, longer each time.
FIRST_WAIT, LAST_WAIT = 0.25, 30.0
#: Nor longer than this, if the service asks for it.
MOST_WAIT = 600.0
#: A failure that lasts is told once in so many seconds.
TELL_AGAIN = 60.0
MICROSECOND = 1_000_000


@dataclass(frozen=True)
class Stats:
    """What became of all samples so far: their sum is what was reported (and, with a spool on disk, what was found there)."""

    accepted: int
    #: Had been stored before: an answer was lost, and they were sent again.
    duplicate: int
    #: The service does not want them; the log says why.
    rejected: int
    #: Let go because the spool was full, or the disk.
    dropped: int
    waiting: int


class Client:
    """Sends what is reported to the Pulse service of Iskra, whose address is ``url``.

    :param url: ``ISKRA_URL`` without it, else ``http://127.0.0.1:3001``.
    :param token: one with the scope ``ingest``, where the service asks for it: ``ISKRA_TOKEN`` without it.
    :param spool: a folder in which samples wait for a service that is away, through restarts of this process, too:
        ``ISKRA_SPOOL`` without it. Several processes may share it. Else they wait in memory.
    :param interval: seconds that a sample may wait for others to come along.
    :param most_waiting: samples that are kept in memory for a service that is away; the oldest are let go first.
    :param most_spooled: the same on disk, in bytes.
    :param timeout: seconds for one request.
    :param on_rejected: is given each rejection of the service (``index``, ``code``, ``field``, ``value``, ``reason``).
    """

    _spool: Spool | None
    _lost: int
    _is_closed: bool

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        spool: str | os.PathLike[str] | None = None,
        interval: float = 1.0,
        most_waiting: int = 100_000,
        most_spooled: int = 256 << 20,
        timeout: float = 10.0,
        on_rejected: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        url = (url or os.environ.get("ISKRA_URL") or "http://127.0.0.1:3001").rstrip("/")
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"url: {url!r} does not begin with http:// or https://")
        token = (token or os.environ.get("ISKRA_TOKEN") or "").strip()
        if not (token.isascii() and token.isprintable()):
            raise ValueError("token: it holds characters that no token has")
        self._door = Door(url, token or None, timeout)
        folder = spool or os.environ.get("ISKRA_SPOOL")
        self._new_spool: Callable[[], Spool] = (
            (lambda: DiskSpool(Path(folder), most_spooled)) if folder else (lambda: MemorySpool(most_waiting))
        )
        self._interval = interval
        self._on_rejected = on_rejected
        self._told: dict[str, float] = {}
        self._begin(self._new_spool())
        if self._spool and self._spool.waiting:
            self._start()
        _clients.add(self)

    def report(
        self,
        subject: str,
        *,
        clarity: float | None = None,
        chaos: float | None = None,
        trust: float | None = None,
        pain: float | None = None,
        signals: Signals | None = None,
        at: datetime | None = None,
    ) -> None:
        """Takes one sample, measured now unless ``at`` (with its zone) says otherwise. Does not wait for the service.

        Vitals lie between 0 and 1; signals are any other numbers or flags. ValueError for what is neither.
        """
        vitals = {"clarity": clarity, "chaos": chaos, "trust": trust, "pain": pain}
        with self._lock:
            if self._is_closed:
                raise ValueError("the client is closed")
            line = line_of(subject, at or self._now(), vitals, signals)
            try:
                self._spool = self._spool or self._new_spool()
                dropped = self._spool.dropped
                self._spool.append(line)
                if self._spool.dropped > dropped:
                    self._tell("the oldest samples are let go", f"{self._waiting} wait")
            except OSError as error:
                self._lost += 1
                self._tell("a sample is lost, it cannot be kept", error)
            if self._thread is None or not self._thread.is_alive():
                self._start()
            if self._waiting == 1 or self._waiting >= SEGMENT_SAMPLES:
                self._wake.notify_all()

    @property
    def stats(self) -> Stats:
        with self._lock:
            dropped = self._lost + (self._spool.dropped if self._spool else 0)
            return Stats(self._accepted, self._duplicate, self._rejected, dropped, self._waiting)

    def flush(self, timeout: float = 10.0) -> bool:
        """Sends what waits, and tells whether all of it was answered in time."""
        end = time.monotonic() + timeout
        with self._lock:
            self._flushing += 1
            self._wake.notify_all()
            self._hurry.notify_all()
            while self._waiting and (left := end - time.monotonic()) > 0:
                self._answered.wait(left)
            self._flushing -= 1
            return not self._waiting

    def close(self, timeout: float = 5.0) -> None:
        """Sends what waits, for at most ``timeout`` seconds. What is left stays in the spool on disk, or is lost."""
        if self._is_closed:
            return
        self.flush(timeout)
        with self._lock:
            if self._is_closed:
                return  # By another thread, meanwhile.
            self._is_closed = True
            self._wake.notify_all()
            self._hurry.notify_all()
            if self._spool is None:
                return
            left, dropped = self._spool.waiting, self._spool.dropped
            self._spool.close()
            if left:
                fate = "are lost" if self._spool.dropped > dropped else "wait on disk"
                log.warning("iskra: %d samples were not sent, and %s", left, fate)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, spool: Spool | None) -> None:
        self._lock = threading.RLock()
        #: Samples came, or somebody waits for those that are there.
        self._wake = threading.Condition(self._lock)
        #: Somebody waits: that alone shortens the rest after a failure.
        self._hurry = threading.Condition(self._lock)
        self._answered = threading.Condition(self._lock)
        self._spool = spool
        self._thread: threading.Thread | None = None
        self._flushing = 0
        self._accepted = self._duplicate = self._rejected = self._lost = 0
        self._last = 0
        self._is_closed = False

    def _begin_in_child(self) -> None:
        """In a process that was forked off: what waited before is for its parent to send."""
        spool, is_closed = self._spool, self._is_closed
        self._begin(None)
        self._is_closed = is_closed
        if spool:
            with suppress(OSError):
                spool.leave()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="iskra", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # There may be no more of them, or the interpreter ends.
            self._tell("nothing is sent, there is no thread for it", error)
            return
        self._thread = thread
        _close_with_worker()

    @property
    def _waiting(self) -> int:
        return self._spool.waiting if self._spool else 0

    def _now(self) -> datetime:
        # Subject and time are what a sample is known by: no two of them at the same microsecond. A clock that was set back by
        # more than a second is believed.
        now = time.time_ns() // 1_000
        self._last = self._last + 1 if now <= self._last < now + MICROSECOND else now
        whole, micros = divmod(self._last, MICROSECOND)
        return datetime.fromtimestamp(whole, timezone.utc).replace(microsecond=micros)

    def _run(self) -> None:
        failures = 0
        while (segment := self._next(is_hurried=failures > 0)) is not None:
            number, lines = segment
            later = self._send(lines) if lines else None
            if later is None:
                if failures:
                    log.info("iskra: %s takes samples again", self._door.url)
                failures = 0
                with self._lock:
                    if self._spool and not self._is_closed:
                        self._spool.remove(number)
                    self._answered.notify_all()
            else:
                self._tell("samples wait", later.reason)
                longest = min(LAST_WAIT, FIRST_WAIT * 2**failures)
                failures = min(failures + 1, 16)
                # Not all clients that were told the same should come back at the same moment.
                self._rest(min(later.after or 0.0, MOST_WAIT) + random.uniform(FIRST_WAIT / 2, longest))

    def _next(self, is_hurried: bool) -> tuple[int, list[str]] | None:
        """Waits for samples, and a moment for others to come along. None when the client is closed."""
        with self._lock:
            while not self._is_closed:
                if not self._waiting or not self._spool:
                    self._wake.wait()
                    continue
                if not is_hurried and not self._flushing and self._waiting < SEGMENT_SAMPLES:
                    self._wake.wait(self._interval)
                    if self._is_closed:
                        break
                try:
                    return self._spool.oldest()
                except OSError as error:
                    self._tell("what waits cannot be read", error)
                    self._rest(self._interval)
        return None

    def _rest(self, seconds: float) -> None:
        with self._lock:
            if not self._is_closed:
                self._hurry.wait(seconds)

    def _send(self, lines: list[str]) -> Later | None:
        answer = self._door.send(lines)
        if isinstance(answer, TooLarge) and len(lines) > 1:
            half = len(lines) // 2
            return self._send(lines[:half]) or self._send(lines[half:])
        if isinstance(answer, TooLarge):
            answer = Taken(0, 0, [{"index": 0, "code": "too_large", "reason": "one sample alone is too large"}])
        if isinstance(answer, Later):
            return answer
        with self._lock:
            self._accepted += answer.accepted
            self._duplicate += answer.duplicate
            self._rejected += len(answer.rejections)
        for rejection in answer.rejections:
            self._tell_rejected(rejection, lines)
        return None

    def _tell_rejected(self, rejection: dict[str, Any], lines: list[str]) -> None:
        index = rejection.get("index")
        line = lines[index] if isinstance(index, int) and index < len(lines) else ""
        log.warning("iskra: a sample was rejected: %s: %s", rejection.get("reason"), line[:200])
        if self._on_rejected:
            try:
                self._on_rejected(rejection)
            except Exception:
                log.exception("iskra: on_rejected failed")

    def _tell(self, what: str, why: object) -> None:
        now = time.monotonic()
        if now - self._told.get(what, -TELL_AGAIN) >= TELL_AGAIN:
            self._told[what] = now
            log.warning("iskra: %s: %s", what, why)


_clients: weakref.WeakSet[Client] = weakref.WeakSet()
_default: Client | None = None
_default_lock = threading.Lock()


def _default_client() -> Client:
    global _default
    with _default_lock:
        if _default is None:
            _default = Client()
        return _default


def report(
    subject: str,
    *,
    clarity: float | None = None,
    chaos: float | None = None,
    trust: float | None = None,
    pain: float | None = None,
    signals: Signals | None = None,
    at: datetime | None = None,
) -> None:
    """:meth:`Client.report` of a client that the environment describes: ``ISKRA_URL``, ``ISKRA_TOKEN``, ``ISKRA_SPOOL``."""
    client = _default_client()
    client.report(subject, clarity=clarity, chaos=chaos, trust=trust, pain=pain, signals=signals, at=at)


def flush(timeout: float = 10.0) -> bool:
    """:meth:`Client.flush` of the same client."""
    return _default is None or _default.flush(timeout)


def close(timeout: float = 5.0) -> None:
    """:meth:`Client.close` of the same client; the next report begins anew."""
    global _default
    with _default_lock:
        client, _default = _default, None
    if client:
        client.close(timeout)


def _at_exit() -> None:
    for client in list(_clients):
        try:
            client.close()
        except Exception:
            log.exception("iskra: a client could not be closed")


def _close_with_worker() -> None:
    """Sees to it that a worker of multiprocessing sends what waits: when it ends, nobody asks ``atexit``."""
    global _is_worker_known
    util, process = sys.modules.get("multiprocessing.util"), sys.modules.get("multiprocessing.process")
    if util and process and process.parent_process() is not None and not _is_worker_known:
        util.Finalize(None, _at_exit, exitpriority=0)
        _is_worker_known = True


def _in_child() -> None:
    global _default_lock, _is_worker_known
    _default_lock = threading.Lock()
    _is_worker_known = False
    for client in list(_clients):
        client._begin_in_child()


_is_worker_known = False
atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
