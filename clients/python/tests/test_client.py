"""The client before a running Iskra: ISKRA_URL says where. `make test` starts one."""

from __future__ import annotations

import json
import math
import os
import secrets
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from iskra import Client
from tests.moody import Moody

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


def in_another_process(code: str, **environment: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={**os.environ, **environment})


class Sending(unittest.TestCase):
    def test_what_is_reported_is_stored_as_it_was_measured(self) -> None:
        at = datetime.now(timezone(timedelta(hours=3))) - timedelta(seconds=5)
        with Client(URL) as client:
            client.report(
                f"py-one-{RUN}",
                clarity=0.8,
                chaos=0.4,
                trust=1,
                pain=0.0,
                signals={"drift": 0.1, "is_new": True},
                at=at,
            )
            self.assertTrue(client.flush())
            self.assertEqual(client.stats.accepted, 1)
        (sample,) = stored(f"py-one-{RUN}")
        vitals = [sample[name] for name in ("clarity", "chaos", "trust", "pain")]
        self.assertEqual(vitals, [0.8, 0.4, 1.0, 0.0])
        self.assertEqual(datetime.fromisoformat(sample["at"].replace("Z", "+00:00")), at)

    def test_thousands_are_sent_in_few_requests_and_each_has_a_time_of_its_own(self) -> None:
        with Moody(URL, []) as door, Client(door.url) as client:
            for index in range(3_500):
                client.report(f"py-many-{RUN}", pain=index / 3_500)
            self.assertTrue(client.flush(30))
            self.assertEqual((client.stats.accepted, client.stats.duplicate), (3_500, 0))
            self.assertLessEqual(door.requests, 10)
        pains = [sample["pain"] for sample in stored(f"py-many-{RUN}")]
        self.assertEqual(pains, [index / 3_500 for index in range(3_500)])

    def test_a_rejected_sample_is_told_and_keeps_no_other_back(self) -> None:
        rejections: list[dict[str, Any]] = []
        with Client(URL, on_rejected=rejections.append) as client, self.assertLogs("iskra", "WARNING") as logged:
            client.report("not a subject", pain=0.5)
            client.report(f"py-good-{RUN}", pain=0.5)
            self.assertTrue(client.flush())
            self.assertEqual((client.stats.accepted, client.stats.rejected), (1, 1))
        self.assertEqual(rejections[0]["field"], "subject")
        self.assertIn("not a subject", logged.output[0])

    def test_what_no_service_would_take_is_an_error_at_once(self) -> None:
        with Client(NOWHERE) as client:
            for wrong in (1.01, -0.1, math.nan, math.inf):
                with self.assertRaisesRegex(ValueError, "pain"):
                    client.report("agent-7", pain=wrong)
            with self.assertRaisesRegex(ValueError, "at least one of clarity"):
                client.report("agent-7", signals={"drift": 0.5})
            with self.assertRaisesRegex(ValueError, "zone"):
                client.report("agent-7", pain=0.5, at=datetime(2026, 1, 1))
            self.assertEqual(client.stats.waiting, 0)

    def test_the_environment_is_enough(self) -> None:
        in_another_process(f"import iskra; iskra.report('py-plain-{RUN}', trust=0.75)")
        self.assertEqual([sample["trust"] for sample in stored(f"py-plain-{RUN}")], [0.75])

    def test_a_forked_process_sends_its_own_and_nothing_twice(self) -> None:
        code = """
import iskra, os
iskra.report("py-fork", pain=0.1)
child = os.fork()
iskra.report("py-fork", pain=0.2 if child else 0.3)
if child:
    os.waitpid(child, 0)
iskra.close()
"""
        for spool in ("", tempfile.mkdtemp()):
            with self.subTest(spool=spool):
                in_another_process(code.replace("py-fork", f"py-fork-{RUN}-{bool(spool)}"), ISKRA_SPOOL=spool)
                pains = [sample["pain"] for sample in stored(f"py-fork-{RUN}-{bool(spool)}")]
                self.assertEqual(sorted(pains), [0.1, 0.2, 0.3])


class Faults(unittest.TestCase):
    def test_lost_answers_refusals_and_restarts_lose_and_double_nothing(self) -> None:
        moods: list[Any] = [
            503,
            "lose the answer",
            None,
            "hang up",
            429,
            None,
            "lose the answer",
            401,
            "answer nonsense",
        ]
        with Moody(URL, moods) as door, Client(door.url, interval=0.01) as client:
            for index in range(2_500):
                client.report(f"py-moody-{RUN}", pain=index / 2_500)
            self.assertTrue(client.flush(60))
            stats = client.stats
            self.assertEqual(stats.accepted + stats.duplicate, 2_500)
            self.assertGreaterEqual(stats.duplicate, 1, "an answer was lost, so something was sent twice")
            self.assertEqual(door.moods, [])
        self.assertEqual(
            [sample["pain"] for sample in stored(f"py-moody-{RUN}")], [index / 2_500 for index in range(2_500)]
        )

    def test_a_door_that_takes_less_gets_less(self) -> None:
        with Moody(URL, [], most_bytes=200) as door, Client(door.url) as client:
            for index in range(16):
                client.report(f"py-small-{RUN}", pain=index / 16)
            self.assertTrue(client.flush())
        self.assertEqual(len(stored(f"py-small-{RUN}")), 16)

    def test_a_redirect_is_not_followed(self) -> None:
        with Moody(URL, [302]) as door, Client(door.url, token="secret") as client:
            client.report(f"py-elsewhere-{RUN}", pain=0.5)
            self.assertTrue(client.flush())
            self.assertEqual(door.requests, 2, "it was sent again to the same place")

    def test_the_token_is_sent(self) -> None:
        with Moody(URL, []) as door, Client(door.url, token="iskra_abc") as client:
            client.report(f"py-token-{RUN}", pain=0.5)
            self.assertTrue(client.flush())
            self.assertEqual(door.authorization, "Bearer iskra_abc")

    def test_what_does_not_fit_is_counted_and_the_latest_stay(self) -> None:
        client = Client(NOWHERE, most_waiting=1_500)
        with self.assertLogs("iskra", "WARNING"):
            for index in range(4_000):
                client.report("agent-7", pain=index / 4_000)
            self.assertLessEqual(client.stats.waiting, 1_500)
            self.assertEqual(client.stats.waiting + client.stats.dropped, 4_000)
            self.assertFalse(client.flush(0.05))
            client.close(0.05)
        self.assertEqual(client.stats.dropped, 4_000)
        with self.assertRaisesRegex(ValueError, "closed"):
            client.report("agent-7", pain=0.5)


class OnDisk(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())

    def test_what_a_killed_process_left_is_sent_by_the_next(self) -> None:
        code = f"""
import iskra, os, signal
client = iskra.Client({NOWHERE!r}, spool={str(self.folder)!r})
for index in range(1_200):
    client.report("py-killed-{RUN}", pain=index / 1_200)
os.kill(os.getpid(), signal.SIGKILL)
"""
        with self.assertRaises(subprocess.CalledProcessError):
            in_another_process(code)
        with Client(URL, spool=self.folder) as client:
            self.assertTrue(client.flush(30))
            self.assertEqual(client.stats.accepted, 1_200)
        self.assertEqual(
            [sample["pain"] for sample in stored(f"py-killed-{RUN}")], [index / 1_200 for index in range(1_200)]
        )
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_folder_of_one_who_lives_is_left_alone(self) -> None:
        other = Client(NOWHERE, spool=self.folder)
        with self.assertLogs("iskra", "WARNING"):
            other.report(f"py-living-{RUN}", pain=0.5)
            with Client(URL, spool=self.folder) as client:
                self.assertEqual(client.stats.waiting, 0)
            self.assertEqual(other.stats.waiting, 1)
            other.close(0.1)
        with Client(URL, spool=self.folder) as client:
            self.assertTrue(client.flush())
        self.assertEqual(len(stored(f"py-living-{RUN}")), 1)

    def test_a_torn_line_is_rejected_alone(self) -> None:
        left = self.folder / "1-left"
        left.mkdir()
        whole = json.dumps({"subject": f"py-torn-{RUN}", "at": datetime.now(timezone.utc).isoformat(), "pain": 0.5})
        (left / "00000001.ndjson").write_text(f"{whole}\n{whole[:20]}")
        with self.assertLogs("iskra", "WARNING"), Client(URL, spool=self.folder) as client:
            self.assertTrue(client.flush())
        self.assertEqual(len(stored(f"py-torn-{RUN}")), 1)

    def test_the_oldest_give_way_when_the_folder_is_full(self) -> None:
        client = Client(NOWHERE, spool=self.folder, most_spooled=100_000)
        with self.assertLogs("iskra", "WARNING"):
            for index in range(4_000):
                client.report(f"py-full-{RUN}", pain=index / 4_000)
            stats = client.stats
            client.close(0.05)
        self.assertGreater(stats.dropped, 0)
        self.assertEqual(stats.dropped + stats.waiting, 4_000)
        size = sum(path.stat().st_size for path in self.folder.rglob("*.ndjson"))
        self.assertLessEqual(size, 100_000)


if __name__ == "__main__":
    unittest.main()
