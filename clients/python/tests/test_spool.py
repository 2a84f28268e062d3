"""What waits on disk."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

from iskra import Client
from tests.service import NOWHERE, RUN, URL, in_another_process, pains, stored


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
        self.assertEqual(pains(f"py-killed-{RUN}"), [index / 1_200 for index in range(1_200)])
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
        left = self.folder / "1-0123abcd"
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

    def test_what_others_keep_in_the_folder_is_left_alone(self) -> None:
        theirs = self.folder / "data" / "answers.ndjson"
        theirs.parent.mkdir()
        theirs.write_text("{}\n")
        with Client(URL, spool=self.folder) as client:
            self.assertEqual(client.stats.waiting, 0)
        self.assertEqual(theirs.read_text(), "{}\n")

    def test_a_line_that_did_not_fit_takes_no_other_with_it(self) -> None:
        code = f"""
import iskra, pathlib, resource
client = iskra.Client({NOWHERE!r}, spool={str(self.folder)!r})
for index in range(20):
    if index == 10:  # In the middle of a line.
        size = sum(path.stat().st_size for path in pathlib.Path({str(self.folder)!r}).glob("*/*.ndjson"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, resource.RLIM_INFINITY))
    if index == 11:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    client.report("py-torn-short-{RUN}", pain=index / 20)
assert client.stats.dropped == 1, client.stats
client.close(0.05)
"""
        in_another_process(code)
        with Client(URL, spool=self.folder) as client:
            self.assertTrue(client.flush())
            self.assertEqual((client.stats.accepted, client.stats.rejected), (19, 0))

    def test_a_file_that_was_taken_away_holds_nothing_up(self) -> None:
        with Client(URL, spool=self.folder, interval=60) as client:
            client.report(f"py-taken-{RUN}", pain=0.1)
            for path in self.folder.glob("*/*.ndjson"):
                path.unlink()
            self.assertTrue(client.flush())
            client.report(f"py-taken-{RUN}", pain=0.2)
            self.assertTrue(client.flush())
            self.assertEqual((client.stats.accepted, client.stats.dropped), (1, 1))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_closed_client_takes_nothing_from_a_forked_process(self) -> None:
        code = f"""
import iskra, os
with iskra.Client({URL!r}, spool={str(self.folder)!r}) as client:
    client.report("py-closed-{RUN}", pain=0.5)
pipe = os.pipe()  # These have the lowest numbers that are free.
child = os.fork()
if not child:
    os.close(pipe[0]), os.close(pipe[1])
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
        in_another_process(code)

    def test_many_may_begin_and_end_at_once(self) -> None:
        code = f"""
import iskra
for index in range(20):
    with iskra.Client({URL!r}, spool={str(self.folder)!r}, interval=0) as client:
        client.report("py-crowd-{RUN}", pain=index / 20)
"""
        crowd = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
        for one in crowd:
            _, error = one.communicate(timeout=60)
            self.assertEqual((one.returncode, error), (0, b""))
        self.assertEqual(sorted(pains(f"py-crowd-{RUN}")), sorted(index / 20 for index in range(20) for _ in crowd))
