"""s5cmd (Go, aws-sdk-go v1), unmodified."""

import json
import subprocess

import pytest

from conftest import Command, bytes_of, contents, make_tree, program

VERSION = subprocess.run([program("s5cmd"), "version"], capture_output=True, text=True).stdout.strip()


@pytest.fixture
def s5cmd(stack):
    return Command(program("s5cmd"), "--endpoint-url", stack.endpoint, environment={
        "AWS_ACCESS_KEY_ID": stack.key, "AWS_SECRET_ACCESS_KEY": stack.secret, "AWS_REGION": "us-east-1"})


def test_s5cmd(s5cmd, bucket, tmp_path, count):
    remote = f"s3://{bucket}"
    tree = tmp_path / "tree"
    # It takes * and ? in names for patterns.
    files = make_tree(tree, 2000, names=["with space.txt", "plus+and&.txt", "umlaut-äöü.txt", "日本語.txt"])
    s5cmd("cp", f"{tree}/", f"{remote}/tree/")
    assert len(s5cmd("ls", f"{remote}/tree/*").splitlines()) == len(files)
    assert str(sum(map(len, files.values()))) in s5cmd("du", f"{remote}/tree/*")
    s5cmd("cp", f"{remote}/tree/*", f"{tmp_path}/back/")
    assert contents(tmp_path / "back") == files
    (tree / "new").write_bytes(b"new")
    (tree / "d00" / "e00" / "file-00000.bin").unlink()
    s5cmd("sync", "--delete", f"{tree}/", f"{remote}/tree/")
    s5cmd("sync", "--delete", f"{remote}/tree/*", f"{tmp_path}/back/")
    assert contents(tmp_path / "back") == contents(tree)

    large = tmp_path / "large"
    large.write_bytes(bytes_of("large", 31 << 20))
    s5cmd("cp", "--part-size=5", "--concurrency=5", large, f"{remote}/large")
    s5cmd("cp", "--part-size=5", "--concurrency=5", f"{remote}/large", tmp_path / "large.back")
    assert (tmp_path / "large.back").read_bytes() == large.read_bytes()
    s5cmd("cp", f"{remote}/large", f"{remote}/copied/large")
    s5cmd("mv", f"{remote}/copied/large", f"{remote}/moved/large")
    head = json.loads(s5cmd("head", f"{remote}/moved/large"))
    assert head["size"] == 31 << 20
    s5cmd("pipe", f"{remote}/piped", input=b"from a pipe")
    assert s5cmd("cat", f"{remote}/piped") == "from a pipe"
    s5cmd("cat", f"{remote}/missing", fails=True)
    s5cmd("run", input="\n".join(f"cp {large} {remote}/run/{n}" for n in range(5)).encode())
    assert len(s5cmd("ls", f"{remote}/run/").splitlines()) == 5
    s5cmd("bucket-version", "--set", "Enabled", remote)
    s5cmd("rm", f"{remote}/run/*")
    assert len(s5cmd("ls", "--all-versions", f"{remote}/run/*").splitlines()) == 10
    s5cmd("rm", "--all-versions", f"{remote}/*")
    s5cmd("rb", remote)
    count("s5cmd", VERSION, files=len(files), commands=s5cmd.calls)
