"""The running Iskra before which the client is tested: ISKRA_URL says where. `make test` starts one."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any

#: Subjects of their own for each run.
RUN = secrets.token_hex(4)
URL = os.environ["ISKRA_URL"]
#: None is there: whatever is sent to it is refused by the system.
NOWHERE = "http://127.0.0.1:9"


def stored(subject: str) -> list[dict[str, Any]]:
    """All samples that the service has of a subject."""
    begin = (datetime.now(timezone.utc) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"{URL}/api/v1/subjects/{subject}/history?from={begin}&limit=20000"
    with urllib.request.urlopen(url, timeout=10) as answer:
        samples: list[dict[str, Any]] = json.load(answer)["history"]["samples"]
        return samples


def pains(subject: str) -> list[float]:
    return [sample["pain"] for sample in stored(subject)]


def in_another_process(code: str, **environment: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={**os.environ, **environment})
