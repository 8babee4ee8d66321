"""A stack of its own for tests: `apus up` on a free port with a folder that is deleted afterwards."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """Starts and stops Apus, and makes clients for it.

    With `APUS_TEST_ENDPOINT` it uses one that runs already, by the credentials of AWS's variables; `APUS_TEST_COMPOSE=1`
    says that it is the stack of docker-compose.yml, whose services can be killed.
    """

    def __init__(self, **settings):
        self.settings = settings
        self.endpoint = os.environ.get("APUS_TEST_ENDPOINT")
        self.external = self.endpoint is not None
        self.composed = bool(os.environ.get("APUS_TEST_COMPOSE"))
        if self.external:
            self.key = os.environ["AWS_ACCESS_KEY_ID"]
            self.secret = os.environ["AWS_SECRET_ACCESS_KEY"]
            return
        # Short: a Unix socket's path has room for 107 bytes.
        self.data = tempfile.mkdtemp(prefix="apus-", dir="/tmp")
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.binaries = pathlib.Path(os.environ.get("APUS_BIN", ROOT / ".build" / "debug"))

    def environment(self):
        own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "APUS_"))}
        return own | {
            "APUS_DATA": self.data,
            "APUS_RUNTIMES": os.environ.get("APUS_RUNTIMES", str(ROOT / ".build" / "runtimes")),
            "APUS_LOG": os.environ.get("APUS_LOG", "info"),
        } | self.settings

    def apus(self, *arguments, **options):
        return subprocess.run(
            [self.binaries / "apus", *arguments], env=self.environment(), text=True, capture_output=True, timeout=60,
            **options,
        )

    def start(self):
        if self.external:
            return self
        started = self.apus("up", "--detach", "--port", str(self.port))
        if started.returncode != 0:
            raise RuntimeError(f"apus up: {started.stdout}{started.stderr}")
        for line in self.apus("env").stdout.splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            if name == "AWS_ACCESS_KEY_ID":
                self.key = value.strip("'\"")
            if name == "AWS_SECRET_ACCESS_KEY":
                self.secret = value.strip("'\"")
        return self

    def stop(self, failed=False):
        if self.external:
            return
        self.apus("down")
        if failed and os.environ.get("APUS_KEEP"):
            print(f"kept: {self.data}", file=sys.stderr)
            return
        shutil.rmtree(self.data, ignore_errors=True)

    def pids(self, name):
        """The processes of one executable of this stack."""
        found = []
        for folder in pathlib.Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().split(b"\0")[0].decode()
                environment = (folder / "environ").read_bytes()
            except (OSError, UnicodeDecodeError):
                continue
            if pathlib.Path(command).name == name and f"APUS_DATA={self.data}\0".encode() in environment:
                found.append(int(folder.name))
        return found

    def kill(self, name):
        """kill -9 of an executable, in every replica; the supervisor, or Docker, starts it again."""
        if self.composed:
            service = name.removeprefix("apus-")
            return [self.kill_replica(service, container) for container in self.containers(service)]
        pids = self.pids(name)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    def docker(self, *arguments):
        done = subprocess.run(
            ["docker", *arguments], cwd=ROOT, text=True, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def containers(self, service):
        """The running containers of a service, one a replica."""
        return self.docker("compose", "ps", "--quiet", service).split()

    def kill_replica(self, service, container):
        """kill -9 of what a container runs: unlike `docker kill` a crash, after which Docker starts it again."""
        self.docker("exec", container, "sh", "-c", f"kill -9 $(pidof apus-{service})")
        return container

    def is_healthy(self, container):
        return self.docker("inspect", "--format", "{{.State.Health.Status}}", container).strip() == "healthy"

    def client(self, service, key=None, secret=None, token=None, **settings):
        defaults = {"retries": {"max_attempts": 8, "mode": "standard"}, "s3": {"addressing_style": "path"}}
        return boto3.client(
            service, region_name="us-east-1", endpoint_url=self.endpoint, aws_access_key_id=key or self.key,
            aws_secret_access_key=secret or self.secret, aws_session_token=token,
            config=botocore.config.Config(**(defaults | settings)),
        )

    def aws_environment(self):
        """What a deploy script or the CLI needs."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return clean | {
            "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.endpoint, "AWS_EC2_METADATA_DISABLED": "true",
        }

    def deploy(self, example):
        """Runs an example's deploy script and returns what it printed."""
        done = subprocess.run(
            [sys.executable, ROOT / "examples" / example / "deploy.py"], env=self.aws_environment(), text=True,
            capture_output=True, timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def eventually(condition, seconds=30):
    """What `condition` answers as soon as it is true; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
