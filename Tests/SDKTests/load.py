"""Writers that never rest: each does one kind of write again and again, and knows afterwards what must be there."""

import itertools
import threading
import time

import botocore.exceptions

# A call that finds its service killed must fail at once; one that takes this long hangs.
HANGS_AFTER = 40
# So long a writer insists before it says that a service did not come back.
PATIENCE = 60


class Writer:
    """One kind of write. A write that was not answered is done again until it is: its name stays the same."""

    service = None
    # Between two writes.
    pause = 0.15
    # Errors that say that an earlier try, whose answer was lost, was carried out.
    done_before = ()

    def __init__(self, stack):
        self.stack = stack
        self.kind = type(self).__name__.lower()
        self.client = self.make_client(self.service)
        self.acknowledged = []
        self.repeats = 0
        self.failure = None

    def make_client(self, service):
        return self.stack.client(
            service, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=HANGS_AFTER,
        )

    def prepare(self):
        """Makes what is written to."""

    def write(self, name):
        raise NotImplementedError

    def check(self):
        """Everything acknowledged is there, and nothing by halves."""
        raise NotImplementedError

    def run(self, over):
        try:
            for number in itertools.count():
                if over.is_set():
                    return
                name = f"{self.kind}-{number:05}"
                self.write(name)
                self.acknowledged.append(name)
                time.sleep(self.pause)
        except BaseException as error:  # noqa: B902: told by the test, whatever it is
            self.failure = error

    def insist(self, call, **arguments):
        """Calls until answered. Only faults of the stack's own are borne: a refusal is a failure of the test."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return call(**arguments)
            except botocore.exceptions.ReadTimeoutError:
                raise
            except botocore.exceptions.ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if error.response["Error"]["Code"] in self.done_before:
                    return None
                if status < 500 and status != 429 or time.monotonic() > deadline:
                    raise
            except (botocore.exceptions.HTTPClientError, botocore.exceptions.BotoCoreError):
                if time.monotonic() > deadline:
                    raise
            self.repeats += 1
            time.sleep(0.05)

    def missing(self, there):
        """Names that were acknowledged and are not in `there`."""
        return sorted(set(self.acknowledged) - set(there))


class Drain:
    """Takes everything out of a queue, and remembers it."""

    def __init__(self, writer, url):
        self.client, self.insist, self.url = writer.make_client("sqs"), writer.insist, url
        self.bodies = []

    def take(self, seconds=1):
        """One batch; false when there was none for so long."""
        answer = self.insist(
            self.client.receive_message, QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=seconds,
        )
        batch = answer.get("Messages", [])
        self.bodies += [message["Body"] for message in batch]
        for message in batch:
            self.insist(self.client.delete_message, QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return bool(batch)


def under_load(writers, disturb):
    """Does `disturb` while all writers write; raises the first writer's failure."""
    over = threading.Event()
    threads = [threading.Thread(target=writer.run, args=[over], name=writer.kind) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        disturb()
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE + HANGS_AFTER)
    for writer in writers:
        if writer.failure:
            raise AssertionError(f"{writer.kind} after {len(writer.acknowledged)} writes") from writer.failure
