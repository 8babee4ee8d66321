"""Who is compared: Apus from a release build, ministack, SeaweedFS, nginx. Each on a free port with a folder that is deleted."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Tests" / "SDKTests"))
os.environ.setdefault("APUS_BIN", str(ROOT / ".build" / "release"))

import stack  # noqa: E402
import boto3  # noqa: E402
import botocore.config  # noqa: E402
import botocore.exceptions  # noqa: E402


class Server:
    key = ""
    secret = ""
    large_target = "/bench/large"
    # Where the server leaves what was uploaded without having it on the disk.
    large_file = None
    # As large_target and large_file, for bodies of 10 MB; a number follows.
    many_target = "/bench/many"
    many_files = ""

    def client(self, service):
        return boto3.client(
            service, region_name="us-east-1", endpoint_url=self.endpoint, aws_access_key_id=self.key,
            aws_secret_access_key=self.secret, config=botocore.config.Config(s3={"addressing_style": "path"}),
        )

    def until_it_answers(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                return urllib.request.urlopen(self.endpoint, timeout=5)
            except urllib.error.HTTPError:
                return None
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{type(self).__name__} does not answer")


class Apus(Server):
    name = "apus"

    def __init__(self):
        self.stack = stack.Stack(APUS_LOG="warning").start()
        self.endpoint, self.key, self.secret = self.stack.endpoint, self.stack.key, self.stack.secret

    @property
    def pid(self):
        return min(self.stack.pids("apus"))

    def restart(self):
        """Down and up again; what `apus up` was started at, by the monotonic clock."""
        self.stack.apus("down")
        start = time.monotonic_ns()
        return start, subprocess.Popen(
            [self.stack.binaries / "apus", "up", "--detach", "--port", str(self.stack.port)],
            env=self.stack.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    def stop(self):
        self.stack.stop()


class Ministack(Server):
    """As it comes: signatures unchecked, everything in memory."""

    name = "ministack"
    key = secret = "test"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="ministack-", dir="/tmp")
        port = stack.free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"GATEWAY_PORT": str(port), "LOG_LEVEL": "WARNING", "TMPDIR": self.folder},
        )
        self.pid = self.process.pid
        self.until_it_answers()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Seaweed(Server):
    """SeaweedFS as one server, which checks signatures as Apus does; what it stores is not synced."""

    name = "seaweedfs"
    key, secret = "seaweed", "seaweedseaweed"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="seaweed-", dir="/tmp"))
        identity = {"name": "bench", "credentials": [{"accessKey": self.key, "secretKey": self.secret}],
                    "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        port, master, volume, filer = (stack.free_port() for _ in range(4))
        self.endpoint = f"http://127.0.0.1:{port}"
        grpc = [f"-{kind}.port.grpc={stack.free_port()}" for kind in ("master", "volume", "filer", "s3")]
        self.process = subprocess.Popen(
            [pathlib.Path(sys.executable).parent / "weed", "server", f"-dir={self.folder}", "-ip=127.0.0.1", "-filer",
             "-s3", f"-s3.port={port}", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
             f"-s3.config={self.folder}/s3.json", *grpc],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        self.until_it_answers()
        self.until_it_stores()

    def until_it_stores(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                self.client("s3").create_bucket(Bucket="bench")
                return self.client("s3").put_object(Bucket="bench", Key="first", Body=b"first")
            except botocore.exceptions.ClientError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self):
        self.process.kill()  # Asked nicely it takes longer than anybody waits.
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Nginx(Server):
    """`/` is one proxy hop to 1 KB from memory; `/files/` serves and stores files."""

    name = "nginx"
    large_target = "/files/large"
    many_target = "/files/many"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nginx-", dir="/tmp"))
        front, behind = stack.free_port(), stack.free_port()
        self.endpoint = f"http://127.0.0.1:{front}"
        for name in ("files", "body"):
            (self.folder / name).mkdir()
        self.large_file = self.folder / "files" / "large"
        self.many_files = self.folder / "files" / "many"
        (self.folder / "nginx.conf").write_text(self.configuration(front, behind))
        self.process = subprocess.Popen(
            ["nginx", "-c", f"{self.folder}/nginx.conf", "-p", str(self.folder)], stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        self.until_it_answers()

    def configuration(self, front, behind):
        user = "user root;" if os.geteuid() == 0 else ""
        return f"""
            daemon off; pid {self.folder}/pid; error_log stderr crit; worker_processes auto; {user}
            events {{ worker_connections 1024; }}
            http {{
              access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
              client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/body;
              upstream behind {{ server 127.0.0.1:{behind}; keepalive 64; keepalive_requests 1000000000; }}
              server {{ listen 127.0.0.1:{behind}; location / {{ return 200 "{"a" * 1024}"; }} }}
              server {{
                listen 127.0.0.1:{front}; client_max_body_size 0;
                location / {{ proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }}
                location /files/ {{ root {self.folder}; dav_methods PUT; }}
              }}
            }}"""

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
