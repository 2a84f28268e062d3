"""What is said about one subject at one moment, as a line of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone

VITALS = ("clarity", "chaos", "trust", "pain")
#: The service takes no longer sample.
MOST_BYTES = 8 * 1024

Signals = Mapping[str, "float | bool"]


def line_of(subject: str, at: datetime, vitals: Mapping[str, float | None], signals: Signals | None) -> str:
    """The sample as the service wants it. ValueError for what it would refuse anyway: better here than a second later."""
    if not subject:
        raise ValueError("subject: a sample says what it is about")
    if at.tzinfo is None:
        raise ValueError("at: a time needs its zone, such as datetime.now(timezone.utc)")
    known = {name: _score(name, value) for name, value in vitals.items() if value is not None}
    if not known:
        raise ValueError(f"a sample needs at least one of {', '.join(VITALS)}")
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
    sample: dict[str, object] = {"subject": subject, "at": moment, **known}
    if signals:
        sample["signals"] = {name: _signal(name, value) for name, value in signals.items()}
    # In ASCII, whatever a name holds: so every line can be written, and its length is that of its bytes.
    line = json.dumps(sample, separators=(",", ":"))
    if len(line) > MOST_BYTES:
        raise ValueError(f"a sample has at most {MOST_BYTES} bytes of JSON, this one {len(line)}: fewer signals")
    return line


def _score(name: str, value: float) -> float:
    number = _number(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name}: {value!r} is not between 0 and 1")
    return number


def _signal(name: str, value: float | bool) -> float | bool:
    return value if isinstance(value, bool) else _number(name, value)


def _number(name: str, value: float) -> float:
    # Any number will do, those of NumPy as well; JSON knows floats alone.
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name}: {value!r} is not a number that can be judged")
    return number
