"""Hooks of pytest that start a stack of Apus for a run and name it to AWS's libraries. For suites of other projects.

With `APUS_JUDGE_TLS=1` it is spoken to over TLS.
"""

import os
import subprocess
import tempfile

import stack

running = None


def pytest_configure(config):
    global running
    if config.option.collectonly:
        return
    settings = certificate() if os.environ.get("APUS_JUDGE_TLS") else {}
    running = stack.Stack(**settings).start()
    if settings:
        running.endpoint = running.endpoint.replace("http://", "https://")
        os.environ["AWS_CA_BUNDLE"] = settings["APUS_TLS_CERTIFICATE"]
    os.environ |= {
        "AWS_ENDPOINT_URL": running.endpoint, "AWS_ACCESS_KEY_ID": running.key,
        "AWS_SECRET_ACCESS_KEY": running.secret, "AWS_DEFAULT_REGION": "us-east-1"}


def certificate():
    """What a stack is told of one for this machine that signs itself."""
    folder = tempfile.mkdtemp(prefix="apus-tls-")
    files = {"APUS_TLS_CERTIFICATE": f"{folder}/certificate.pem", "APUS_TLS_KEY": f"{folder}/key.pem"}
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=Apus test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
         "-out", files["APUS_TLS_CERTIFICATE"], "-keyout", files["APUS_TLS_KEY"]], check=True, capture_output=True)
    return files


def pytest_unconfigure(config):
    if running is not None:
        running.stop()
