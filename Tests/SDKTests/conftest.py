import email
import email.policy
import os
import threading

import pytest
from aiosmtpd.controller import Controller

from stack import Stack, free_port


class Sink:
    """A real SMTP server that keeps what it is sent.

    It listens on this machine only, or at `APUS_TEST_SINK` (`address:port`), where a stack elsewhere delivers to.
    """

    def __init__(self):
        address, _, port = os.environ.get("APUS_TEST_SINK", "127.0.0.1:").rpartition(":")
        self.port = int(port or free_port())
        self._lock = threading.Lock()
        self._mails = []
        self._controller = Controller(self, hostname=address, port=self.port)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._lock:
            self._mails.append((envelope.rcpt_tos, message))
        return "250 OK"

    def to(self, address):
        with self._lock:
            return [message for recipients, message in self._mails if address in recipients]

    def start(self):
        self._controller.start()

    def stop(self):
        self._controller.stop()


@pytest.fixture(scope="session")
def sink():
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def stack(sink, request):
    stack = Stack(
        APUS_SMTP_URL=f"smtp://127.0.0.1:{sink.port}", APUS_S3_LOG_SECONDS="1", APUS_S3_RESTORE_SECONDS="1",
        APUS_S3_LIFECYCLE_SECONDS="1",
    ).start()
    yield stack
    stack.stop(failed=request.session.testsfailed > 0)
