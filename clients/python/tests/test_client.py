"""What is reported arrives."""

from __future__ import annotations

import math
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

from iskra import Client
from tests.moody import Moody
from tests.service import NOWHERE, RUN, URL, in_another_process, pains, stored


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
        self.assertEqual(pains(f"py-many-{RUN}"), [index / 3_500 for index in range(3_500)])

    def test_a_rejected_sample_is_told_and_keeps_no_other_back(self) -> None:
        rejections: list[dict[str, Any]] = []
        with Client(URL, on_rejected=rejections.append) as client, self.assertLogs("iskra", "WARNING") as logged:
            client.report("not a subject", pain=0.5)
            client.report("half a letter \ud800", pain=0.5)
            client.report(f"py-good-{RUN}", pain=0.5)
            self.assertTrue(client.flush())
            self.assertEqual((client.stats.accepted, client.stats.rejected), (1, 2))
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
            with self.assertRaisesRegex(ValueError, "8192 bytes"):
                client.report("agent-7", pain=0.5, signals={f"signal_{index}": index for index in range(1_000)})
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
                self.assertEqual(sorted(pains(f"py-fork-{RUN}-{bool(spool)}")), [0.1, 0.2, 0.3])

    def test_a_worker_sends_what_it_reported_when_it_ends(self) -> None:
        code = """
import iskra, multiprocessing
worker = multiprocessing.get_context("fork").Process(target=iskra.report, args=("py-worker",), kwargs={"pain": 0.5})
worker.start()
worker.join()
"""
        in_another_process(code.replace("py-worker", f"py-worker-{RUN}"))
        self.assertEqual(pains(f"py-worker-{RUN}"), [0.5])

    def test_a_clock_that_was_wrong_is_wrong_no_longer_than_that(self) -> None:
        two_hours = 2 * 3_600 * 1_000_000_000
        with Client(URL) as client, self.assertLogs("iskra", "WARNING"):
            with patch("iskra.client.time.time_ns", return_value=time.time_ns() + two_hours):
                client.report(f"py-clock-{RUN}", pain=0.1)
            client.report(f"py-clock-{RUN}", pain=0.2)
            self.assertTrue(client.flush())
            self.assertEqual((client.stats.accepted, client.stats.rejected), (1, 1))
        self.assertEqual(pains(f"py-clock-{RUN}"), [0.2])
