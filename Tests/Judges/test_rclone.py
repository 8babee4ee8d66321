"""rclone, unmodified: a tree of 10,000 files up, down, compared and changed."""

import hashlib
import os
import re
import ssl
import subprocess
import urllib.request
import uuid

import pytest

from conftest import Command, bytes_of, contents, make_tree, program

VERSION = subprocess.run([program("rclone"), "version"], capture_output=True, text=True).stdout.split()[1]
FILES = int(os.environ.get("APUS_JUDGE_FILES", "10000"))


@pytest.fixture(params=["AWS", "Other"])
def rclone(tmp_path, request):
    # What it takes for AWS it sends without hashing it first, and so only over TLS.
    stack = request.getfixturevalue("secure" if request.param == "AWS" else "stack")
    rclone = Command(program("rclone"), "--config", tmp_path / "none", "--checkers=16", "--transfers=16", environment={
        "RCLONE_CA_CERT": getattr(stack, "certificate", ""),
        "RCLONE_CONFIG_S3_TYPE": "s3", "RCLONE_CONFIG_S3_PROVIDER": request.param,
        "RCLONE_CONFIG_S3_ACCESS_KEY_ID": stack.key, "RCLONE_CONFIG_S3_SECRET_ACCESS_KEY": stack.secret,
        "RCLONE_CONFIG_S3_ENDPOINT": stack.endpoint, "RCLONE_CONFIG_S3_REGION": "us-east-1",
        "RCLONE_CONFIG_S3_FORCE_PATH_STYLE": "true"})
    rclone.bucket = f"judge-{uuid.uuid4().hex[:8]}"
    rclone("mkdir", f"s3:{rclone.bucket}")
    return rclone


@pytest.mark.parametrize("rclone", ["AWS"], indirect=True)
def test_a_tree(rclone, tmp_path, count):
    bucket = rclone.bucket
    tree, remote = tmp_path / "tree", f"s3:{bucket}/tree"
    files = make_tree(tree, FILES)
    rclone("sync", tree, remote)
    rclone("check", tree, remote)
    rclone("check", "--download", tree, remote)
    assert f"({len(files)})" in rclone("size", remote)
    rclone("sync", remote, tmp_path / "back")
    assert contents(tmp_path / "back") == files

    (tree / "d00" / "e00" / "file-00000.bin").write_bytes(b"changed")
    (tree / "names" / "plain.txt").unlink()
    (tree / "new").write_bytes(b"new")
    rclone("check", tree, remote, fails=True)
    rclone("sync", tree, remote)
    rclone("check", tree, remote)
    assert len(rclone("lsf", "-R", "--files-only", remote).splitlines()) == len(files)
    rclone("copy", remote, f"s3:{bucket}/copy", "--include", "/d0*/**")
    rclone("purge", remote)
    assert rclone("lsf", f"s3:{bucket}") == "copy/\n"
    count("rclone", VERSION, files=len(files), commands=rclone.calls)


def test_single_files(rclone, tmp_path, count):
    bucket = rclone.bucket
    remote = f"s3:{bucket}"
    data = bytes_of("large", 23 << 20)
    (tmp_path / "large").write_bytes(data)
    rclone("copyto", "--s3-upload-cutoff=5M", "--s3-chunk-size=5M", tmp_path / "large", f"{remote}/large")
    rclone("copyto", "--multi-thread-cutoff=5M", "--multi-thread-streams=4", f"{remote}/large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == data
    assert hashlib.md5(data).hexdigest() in rclone("md5sum", f"{remote}/large")
    rclone("rcat", "--streaming-upload-cutoff=0", f"{remote}/piped", input=data)
    assert rclone("size", f"{remote}/piped").count(str(len(data))) == 1
    assert rclone("cat", "--offset=5", "--count=7", f"{remote}/large").encode(errors="replace").decode() == \
        data[5:12].decode(errors="replace")
    rclone("copyto", f"{remote}/large", f"{remote}/server-side copy")
    rclone("moveto", f"{remote}/server-side copy", f"{remote}/moved")
    rclone("copyto", "--s3-copy-cutoff=5M", "--s3-chunk-size=5M", f"{remote}/large", f"{remote}/copied in parts")
    rclone("check", "--download", "--one-way", tmp_path, remote, "--include=large")
    rclone("touch", "--timestamp=2001-02-03T04:05:06", f"{remote}/moved")
    assert "2001-02-03" in rclone("lsl", f"{remote}/moved")
    rclone("rcat", "--metadata", "--metadata-set=mood=fine", "--header-upload=Cache-Control: max-age=5", f"{remote}/meta", input=b"x")
    assert '"mood":"fine"' in rclone("lsjson", "-M", f"{remote}/meta")
    assert '"cache-control":"max-age=5"' in rclone("lsjson", "-M", f"{remote}/meta")
    link = rclone("link", "--expire=1m", f"{remote}/meta").strip()
    trust = ssl.create_default_context(cafile=rclone.environment["RCLONE_CA_CERT"] or None)
    assert urllib.request.urlopen(link, timeout=10, context=trust).read() == b"x"
    rclone("mkdir", f"s3:{bucket}-second")
    rclone("sync", remote, f"s3:{bucket}-second")
    rclone("check", remote, f"s3:{bucket}-second")
    rclone("cleanup", remote)
    rclone("deletefile", f"{remote}/meta")
    rclone("deletefile", f"{remote}/meta", fails=True)
    rclone("purge", f"s3:{bucket}-second")
    assert f"{bucket}-second" not in rclone("lsd", "s3:")
    count("rclone", VERSION, commands=rclone.calls)


def test_versions(rclone, count):
    bucket = rclone.bucket
    remote = f"s3:{bucket}"
    rclone("backend", "versioning", remote, "Enabled")
    rclone("rcat", f"{remote}/a.txt", input=b"one")
    rclone("rcat", f"{remote}/a.txt", input=b"two!")
    rclone("deletefile", f"{remote}/a.txt")
    assert rclone("lsf", remote) == ""
    names = rclone("lsf", "--s3-versions", remote).splitlines()
    assert len(names) == 2 and all(re.fullmatch(r"a-v\d{4}-\d\d-\d\d-\d{6}-\d{3}\.txt", name) for name in names), names
    texts = {rclone("cat", "--s3-versions", f"{remote}/{name}") for name in names}
    assert texts <= {"one", "two!"} and texts
    rclone("backend", "cleanup-hidden", remote)
    assert rclone("lsf", "--s3-versions", remote) == ""
    count("rclone", VERSION, commands=rclone.calls)
