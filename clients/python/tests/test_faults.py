"""What comes between the client and the service."""

from __future__ import annotations

import time
import unittest
from typing import Any

from iskra import Client
from tests.moody import Moody
from tests.service import NOWHERE, RUN, URL, pains, stored


class Faults(unittest.TestCase):
    def test_lost_answers_refusals_and_restarts_lose_and_double_nothing(self) -> None:
        nonsense = [b"<html>", b'{"ok":true}', b"[]", b'{"accepted":0,"duplicate":0,"rejections":null}', "break off"]
        moods: list[Any] = [503, "lose the answer", None, "hang up", 429, None, "lose the answer", 401, None]
        # Not one after the other: each failure in a row doubles the wait.
        moods += [mood for each in nonsense for mood in (each, None)]
        with Moody(URL, moods) as door, Client(door.url, interval=0.01) as client:
            for index in range(9_000):
                client.report(f"py-moody-{RUN}", pain=index / 9_000)
            self.assertTrue(client.flush(60))
            stats = client.stats
            self.assertEqual(stats.accepted + stats.duplicate, 9_000)
            self.assertGreaterEqual(stats.duplicate, 1, "an answer was lost, so something was sent twice")
            self.assertEqual(door.moods, [])
        self.assertEqual(pains(f"py-moody-{RUN}"), [index / 9_000 for index in range(9_000)])

    def test_reports_do_not_hurry_what_is_to_stay_away(self) -> None:
        with Moody(URL, [(503, 600)]) as door, Client(door.url) as client, self.assertLogs("iskra", "WARNING"):
            for index in range(1_000):
                client.report(f"py-patient-{RUN}", pain=index / 3_000)
            while door.moods:
                time.sleep(0.01)
            time.sleep(0.2)
            for index in range(1_000, 3_000):
                client.report(f"py-patient-{RUN}", pain=index / 3_000)
            time.sleep(0.2)
            self.assertEqual((door.requests, client.stats.waiting), (1, 3_000))
            self.assertTrue(client.flush(), "somebody waits for it")
        self.assertEqual(pains(f"py-patient-{RUN}"), [index / 3_000 for index in range(3_000)])

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

    def test_the_token_is_sent_and_a_wrong_one_is_not_told(self) -> None:
        with Moody(URL, []) as door, Client(door.url, token="iskra_abc\n") as client:
            client.report(f"py-token-{RUN}", pain=0.5)
            self.assertTrue(client.flush())
            self.assertEqual(door.authorization, "Bearer iskra_abc")
        with self.assertRaises(ValueError) as wrong:
            Client(NOWHERE, token="iskra_abc\nX-More: 1")
        self.assertNotIn("iskra_abc", str(wrong.exception))

    def test_what_does_not_fit_is_counted_and_the_latest_stay(self) -> None:
        client = Client(NOWHERE, most_waiting=1_500)
        with self.assertLogs("iskra", "WARNING") as logged:
            for index in range(4_000):
                client.report("agent-7", pain=index / 4_000)
            self.assertIn("the oldest samples are let go", "\n".join(logged.output))
            self.assertLessEqual(client.stats.waiting, 1_500)
            self.assertEqual(client.stats.waiting + client.stats.dropped, 4_000)
            self.assertFalse(client.flush(0.05))
            client.close(0.05)
        self.assertEqual(client.stats.dropped, 4_000)
        with self.assertRaisesRegex(ValueError, "closed"):
            client.report("agent-7", pain=0.5)
