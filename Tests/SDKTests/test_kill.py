"""kill -9 of any executable at any moment: no acknowledged write is lost, nothing is half done, every event arrives.

`APUS_KILLS` says how often (100); `APUS_KILL_SEED` repeats a run's moments and order.
"""

import os
import random
import time

import pytest

from load import under_load
from stack import Stack, eventually
from writers import WRITERS, Function

EXECUTABLES = [
    "apus-gateway", "apus-auth", "apus-tables", "apus-objects", "apus-messages", "apus-monitoring", "apus-apis",
    "apus-functions", "apus-stacks", "apus-email", "apus-thumbnails",
]


@pytest.fixture(scope="module")
def doomed(sink, request):
    """A stack of its own: the others' tests do not like to be shot at."""
    if os.environ.get("APUS_TEST_ENDPOINT"):
        pytest.skip("kills processes of a stack of its own")
    stack = Stack(APUS_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    stack.sink = sink
    yield stack
    stack.stop(failed=request.session.testsfailed > 0)


def kill_in_turn(stack, count, chance):
    """Each executable as often as the others, in an order and at moments of chance."""
    victims = []
    for _ in range(count):
        if not victims:
            victims = chance.sample(EXECUTABLES, len(EXECUTABLES))
        victim = victims.pop()
        time.sleep(chance.uniform(0.2, 1.8))
        # It may still be on its way back from the last time.
        eventually(lambda: stack.kill(victim), seconds=20)


@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_and_every_event_arrives(doomed):
    seed = int(os.environ.get("APUS_KILL_SEED", time.time()))
    print(f"APUS_KILL_SEED={seed}")
    Function(doomed).prepare()
    writers = [Writer(doomed) for Writer in WRITERS]
    for writer in writers:
        writer.prepare()
    kills = int(os.environ.get("APUS_KILLS", "100"))
    under_load(writers, lambda: kill_in_turn(doomed, kills, random.Random(seed)))
    for name in EXECUTABLES:
        eventually(lambda: doomed.pids(name))
    for writer in writers:
        assert writer.acknowledged, f"{writer.kind} wrote nothing"
        print(f"{writer.kind}: {len(writer.acknowledged)} acknowledged, {writer.repeats} tries repeated")
        writer.check()
