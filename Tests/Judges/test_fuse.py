"""s3fs-fuse: a bucket as a folder of this machine."""

import hashlib
import os
import shutil
import subprocess
import time

import pytest

from conftest import bytes_of, contents, make_tree

PROGRAM = os.environ.get("APUS_JUDGE_S3FS") or shutil.which("s3fs")
pytestmark = pytest.mark.skipif(
    not PROGRAM or not os.path.exists("/dev/fuse") or os.geteuid() != 0, reason="needs s3fs, /dev/fuse and root")


@pytest.fixture
def folder(stack, bucket, tmp_path):
    """The bucket, mounted."""
    (tmp_path / "password").write_text(f"{stack.key}:{stack.secret}")
    (tmp_path / "password").chmod(0o600)
    mount = tmp_path / "mount"
    mount.mkdir()
    command = [PROGRAM, bucket, mount, "-f", "-o", f"passwd_file={tmp_path}/password,url={stack.endpoint},"
               "use_path_request_style,use_xattr,endpoint=us-east-1,sigv4,multipart_size=10,parallel_count=4"]
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + 30
    while not os.path.ismount(mount):
        assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.05)
    yield mount
    subprocess.run(["umount", mount], check=True)
    assert process.wait(30) == 0


def test_a_folder(folder, stack, bucket, tmp_path, count):
    files = make_tree(tmp_path / "tree", 150)
    subprocess.run(["cp", "-r", tmp_path / "tree", folder / "tree"], check=True)
    subprocess.run(["diff", "-r", tmp_path / "tree", folder / "tree"], check=True)
    assert contents(folder / "tree") == files
    listed = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="tree/")
    assert len([item for page in listed for item in page["Contents"] if not item["Key"].endswith("/")]) == len(files)

    data = bytes_of("fuse", 33 << 20)
    (folder / "large").write_bytes(data)
    assert hashlib.sha256((folder / "large").read_bytes()).digest() == hashlib.sha256(data).digest()
    with open(folder / "large", "r+b") as file:
        file.seek(15 << 20)
        file.write(b"changed in the middle")
    with open(folder / "large", "ab") as file:
        file.write(b"tail")
    changed = data[:15 << 20] + b"changed in the middle" + data[(15 << 20) + 21:] + b"tail"
    assert stack.client("s3").get_object(Bucket=bucket, Key="large")["Body"].read() == changed
    # By name it would write zeros without having read the object.
    with open(folder / "large", "r+b") as file:
        file.truncate(1000)
    assert (folder / "large").read_bytes() == data[:1000]

    (folder / "large").rename(folder / "renamed ä")
    os.rename(folder / "tree" / "names", folder / "moved")
    assert (folder / "moved" / "plain.txt").exists() and not (folder / "tree" / "names").exists()
    os.chmod(folder / "renamed ä", 0o600)
    os.utime(folder / "renamed ä", (1_000_000_000, 1_000_000_000))
    os.setxattr(folder / "renamed ä", "user.mood", b"fine")
    status = os.stat(folder / "renamed ä")
    assert status.st_mode & 0o777 == 0o600 and status.st_mtime == 1_000_000_000 and status.st_size == 1000
    assert os.getxattr(folder / "renamed ä", "user.mood") == b"fine"
    os.symlink("renamed ä", folder / "link")
    assert (folder / "link").read_bytes() == data[:1000] and os.readlink(folder / "link") == "renamed ä"
    (folder / "empty").mkdir()
    (folder / "empty").rmdir()
    stack.client("s3").put_object(Bucket=bucket, Key="by another/client", Body=b"seen")
    assert (folder / "by another" / "client").read_bytes() == b"seen"
    with pytest.raises(FileNotFoundError):
        (folder / "missing").read_bytes()
    shutil.rmtree(folder / "tree")
    assert sorted(path.name for path in folder.iterdir()) == ["by another", "link", "moved", "renamed ä"]
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout.split("V")[1].split()[0]
    count("s3fs-fuse", version, files=len(files), megabytes=130)
