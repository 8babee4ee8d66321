"""A stack for the judges, and the count of what each of them did."""

import hashlib
import os
import pathlib
import subprocess
import sys
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "SDKTests"))
from stack import Stack  # noqa: E402

COUNTS = []


def pytest_terminal_summary(terminalreporter):
    for line in COUNTS:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def stack(request):
    stack = Stack().start()
    yield stack
    stack.stop(failed=request.session.testsfailed > 0)


@pytest.fixture(scope="session")
def secure(tmp_path_factory):
    """One that is spoken to over TLS; `certificate` is whom to trust."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=Apus test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
         certificate], check=True, capture_output=True)
    stack = Stack(APUS_TLS_CERTIFICATE=certificate, APUS_TLS_KEY=key).start()
    stack.endpoint = stack.endpoint.replace("http://", "https://")
    stack.certificate = certificate
    yield stack
    stack.stop()


@pytest.fixture
def bucket(stack):
    name = f"judge-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def count():
    """Notes for the summary what a client did, and how often."""
    def note(client, version, **what):
        COUNTS.append(f"{client} {version}: " + ", ".join(f"{number} {name}" for name, number in what.items()))
    return note


class Command:
    """A command-line client, called as a person would call it."""

    def __init__(self, *prefix, environment=None):
        self.prefix = [str(word) for word in prefix]
        self.environment = os.environ | (environment or {})
        self.calls = 0

    def __call__(self, *arguments, input=None, fails=False):
        words = self.prefix + [str(word) for word in arguments]
        done = subprocess.run(
            words, env=self.environment, input=input, capture_output=True, timeout=600, check=False)
        self.calls += 1
        assert (done.returncode != 0) == fails, (
            f"{' '.join(words)}: {done.returncode}\n{done.stdout.decode(errors='replace')[-3000:]}\n"
            f"{done.stderr.decode(errors='replace')[-3000:]}")
        return done.stdout.decode(errors="replace")


def program(name):
    """One that the requirements put beside this Python."""
    return pathlib.Path(sys.executable).parent / name


def bytes_of(seed, size):
    """The same for the same seed, and of no pattern."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


NAMES = ["plain.txt", "with space.txt", "plus+and&.txt", "umlaut-äöü.txt", "日本語.txt", "per%cent.txt", "quote'\".txt",
         "semi;colon.txt", "hash#.txt", "question?.txt", "tilde~.txt", "(brackets)[].txt", "comma,.txt", "at@=.txt",
         "emoji-🐦.txt", "deep/er/and/deeper.txt", "dollar$.txt", "star*.txt"]


def make_tree(folder, files, names=NAMES):
    """`files` files of 0 to 4 KB, and some with names that are hard to sign."""
    for index in range(files):
        path = folder / f"d{index % 37:02}" / f"e{index % 11:02}" / f"file-{index:05}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes_of(index, index * 7 % 4096))
    for name in names:
        path = folder / "names" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes_of(name, 100))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
