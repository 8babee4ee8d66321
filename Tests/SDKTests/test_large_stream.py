"""An object far larger than any process' memory goes in and out.

`APUS_STREAM_MIB` says how large (512); 5120, the most that one PUT may bring, takes minutes.
"""

import http.client
import os
import pathlib
import random
import time
import urllib.parse

import pytest

from stack import Stack

MEBIBYTE = 1 << 20
# Of each process, at its peak.
MEMORY_LIMIT = 64 * MEBIBYTE


@pytest.fixture
def fresh():
    """A stack whose processes have done nothing else: peaks of memory stay."""
    if os.environ.get("APUS_TEST_ENDPOINT"):
        pytest.skip("looks at the processes of a stack of its own")
    stack = Stack().start()
    yield stack
    stack.stop()


def blocks(count):
    """Each of one MiB, each another."""
    rest = random.Random(1).randbytes(MEBIBYTE - 8)
    for number in range(count):
        yield number.to_bytes(8, "big") + rest


def send(url, method, body=None, length=None):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=120)
    headers = {} if length is None else {"Content-Length": str(length)}
    connection.request(method, f"{parts.path}?{parts.query}", body=body, headers=headers)
    return connection.getresponse()


def peaks(stack):
    """The peak memory of every process of the stack, in bytes."""
    found = {}
    for name in (path.name for path in stack.binaries.glob("apus-*") if "." not in path.name):
        for pid in stack.pids(name):
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            lines = dict(line.split(":", 1) for line in status.splitlines())
            found[f"{name} {pid}"] = int(lines["VmHWM"].split()[0]) * 1024
    return found


@pytest.mark.timeout(1800)
def test_a_stream_needs_no_more_memory_than_its_window(fresh):
    count = int(os.environ.get("APUS_STREAM_MIB", "512"))
    s3 = fresh.client("s3", signature_version="s3v4")
    s3.create_bucket(Bucket="large")
    target = {"Bucket": "large", "Key": "stream"}
    start = time.monotonic()
    url = s3.generate_presigned_url("put_object", Params=target)
    answer = send(url, "PUT", blocks(count), count * MEBIBYTE)
    assert answer.status == 200, answer.read()
    stored = time.monotonic()
    assert s3.head_object(**target)["ContentLength"] == count * MEBIBYTE
    answer = send(s3.generate_presigned_url("get_object", Params=target), "GET")
    assert answer.status == 200
    for number, block in enumerate(blocks(count)):
        assert answer.read(MEBIBYTE) == block, f"block {number}"
        if number == count // 2:
            # A reader that rests must stop the stream, not fill somebody's memory.
            time.sleep(2)
    assert answer.read() == b""
    print(f"{count} MiB stored in {stored - start:.1f} s, read in {time.monotonic() - stored:.1f} s")
    measured = peaks(fresh)
    assert len(measured) >= 10
    for process, peak in measured.items():
        print(f"{process}: {peak / MEBIBYTE:.0f} MiB")
    assert max(measured.values()) <= MEMORY_LIMIT, measured
