"""Where samples wait until the service has acknowledged them: in memory, or in files that outlive the process.

Both keep *segments*, the oldest first: one segment is one request, and is forgotten when that was answered. Both are bounded, and
tell how many samples they had to let go. A lock of the client guards them.
"""

from __future__ import annotations

import os
import re
import secrets
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Protocol

try:
    import fcntl
except ImportError:  # Windows: processes must not share a folder there.
    fcntl = None  # type: ignore[assignment]

#: Of one request; the service takes 10,000 samples and 8 MiB.
SEGMENT_SAMPLES = 1_000
SEGMENT_BYTES = 1 << 20
#: What a process calls its subfolder: its number, and some hexadecimal digits.
OURS = re.compile(r"[0-9]+-[0-9a-f]{8}")


class Spool(Protocol):
    """What a client needs of one."""

    waiting: int
    dropped: int

    def append(self, line: str) -> None: ...

    def oldest(self) -> tuple[int, list[str]] | None:
        """The number of the oldest segment, and its lines. Nothing is added to it any more."""

    def remove(self, number: int) -> None: ...

    def close(self) -> None: ...

    def leave(self) -> None:
        """In a forked process: lets go of what belongs to the parent, without touching it."""


class MemorySpool:
    """Lives as long as the process."""

    def __init__(self, most_samples: int) -> None:
        self.waiting = 0
        self.dropped = 0
        self._most = most_samples
        self._next = 0
        self._is_open = False
        self._segments: OrderedDict[int, list[str]] = OrderedDict()

    def append(self, line: str) -> None:
        if not self._is_open or len(self._segments[self._next]) >= SEGMENT_SAMPLES:
            self._next += 1
            self._segments[self._next] = []
            self._is_open = True
        self._segments[self._next].append(line)
        self.waiting += 1
        while self.waiting > self._most:
            self._let_go()

    def oldest(self) -> tuple[int, list[str]] | None:
        if not self._segments:
            return None
        number = next(iter(self._segments))
        if number == self._next:
            self._is_open = False
        return number, self._segments[number]

    def remove(self, number: int) -> None:
        self.waiting -= len(self._segments.pop(number, ()))

    def close(self) -> None:
        self.dropped += self.waiting
        self.waiting = 0
        self._segments.clear()
        self._is_open = False

    def leave(self) -> None:
        self._segments.clear()

    def _let_go(self) -> None:
        number, lines = next(iter(self._segments.items()))
        self.dropped += len(lines)
        if number == self._next:
            self._is_open = False
        self.remove(number)


class DiskSpool:
    """Survives the process, not the loss of power: each line is handed to the system at once, and not forced onto the disk.

    Each process has a subfolder of its own, locked while it lives. What is left by those who are gone is adopted.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.waiting = 0
        self.dropped = 0
        self._most = most_bytes
        self._bytes = 0
        self._sizes: OrderedDict[int, tuple[int, int]] = OrderedDict()
        self._file: int | None = None
        self._next = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._lock: int | None = None
        while self._lock is None:  # Another process may take a new folder for one that was left.
            self._folder = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
            self._folder.mkdir()
            self._lock = _lock(self._folder)
        for other in _left(folder):
            if other != self._folder:
                # What belongs to another user, or does not let itself be moved, is left to the next process.
                with suppress(OSError):
                    self._adopt(other)

    def append(self, line: str) -> None:
        data = line.encode() + b"\n"
        samples, size = self._sizes.get(self._next, (0, 0))
        if self._file is None or samples >= SEGMENT_SAMPLES or size + len(data) > SEGMENT_BYTES:
            self._seal()
            samples, size = 0, 0
            self._file = os.open(self._path(self._next + 1), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._next += 1
            self._sizes[self._next] = (0, 0)
        if os.write(self._file, data) < len(data):
            os.ftruncate(self._file, size)  # Else the next line would go on with it.
            raise OSError("the disk took a part of a line")
        self._sizes[self._next] = (samples + 1, size + len(data))
        self.waiting += 1
        self._bytes += len(data)
        while self._bytes > self._most:
            self.dropped += self._forget(next(iter(self._sizes)))

    def oldest(self) -> tuple[int, list[str]] | None:
        while self._sizes:
            number = next(iter(self._sizes))
            if number == self._next:
                self._seal()
            try:
                text = self._path(number).read_text(encoding="utf-8", errors="replace")
            except FileNotFoundError:  # Somebody has cleaned up.
                self.dropped += self._forget(number)
            else:
                return number, [line for line in text.split("\n") if line]
        return None

    def remove(self, number: int) -> None:
        self._forget(number)

    def close(self) -> None:
        self._seal()
        if not self.waiting:
            for number in list(self._sizes):
                self._forget(number)
            _abolish(self._folder)
        self.leave()  # What is left is for the next one.

    def leave(self) -> None:
        self._seal()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.ndjson"

    def _seal(self) -> None:
        # Its number is forgotten first: closed once more, it would be somebody else's by then.
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _forget(self, number: int) -> int:
        samples, size = self._sizes.pop(number, (0, 0))
        if number == self._next:
            self._seal()
        self.waiting -= samples
        self._bytes -= size
        with suppress(OSError):  # One that stays is sent again by the next process, which is harmless.
            self._path(number).unlink()
        return samples

    def _adopt(self, other: Path) -> None:
        lock = _lock(other)
        if lock is None:
            return  # Its process lives, or another one adopts it.
        try:
            for path in sorted(other.glob("*.ndjson")):
                size = path.stat().st_size
                samples = path.read_bytes().count(b"\n")
                path.rename(self._path(self._next + 1))
                self._next += 1
                self._sizes[self._next] = (samples, size)
                self.waiting += samples
                self._bytes += size
            _abolish(other)
        finally:
            os.close(lock)


def _left(folder: Path) -> list[Path]:
    """The subfolders of all processes, the oldest first; those who look for them may take them away meanwhile."""
    found = []
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found)]


def _lock(folder: Path) -> int | None:
    """Held until it is closed or the process ends; None if somebody else holds it, or has just removed the folder."""
    try:
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_nlink > 0:
            return file
    except OSError:
        pass
    os.close(file)
    return None


def _abolish(folder: Path) -> None:
    """Removes a folder whose lock is held, unless there is something in it that is not ours."""
    with suppress(OSError):
        (folder / "lock").unlink()
        folder.rmdir()
