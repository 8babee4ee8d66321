"""s3fs-fuse: a bucket as a folder of this machine.

The program is Debian's and Ubuntu's package `s3fs` (`apt-get install s3fs`); `APUS_JUDGE_S3FS` names another one.
"""

import contextlib
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
def mounted(stack, bucket, tmp_path):
    """Mounts the bucket as long as its context lasts."""
    (tmp_path / "password").write_text(f"{stack.key}:{stack.secret}")
    (tmp_path / "password").chmod(0o600)

    @contextlib.contextmanager
    def mounted():
        folder = tmp_path / "mount"
        folder.mkdir(exist_ok=True)
        command = [PROGRAM, bucket, folder, "-f", "-o", f"passwd_file={tmp_path}/password,url={stack.endpoint},"
                   "use_path_request_style,use_xattr,endpoint=us-east-1,sigv4,multipart_size=10,parallel_count=4"]
        with open(tmp_path / "log", "ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not os.path.ismount(folder):
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.05)
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
            assert process.wait(60) == 0

    return mounted


def version():
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    return said.split("V")[1].split()[0]


def test_a_folder(mounted, stack, bucket, tmp_path, count):
    with mounted() as folder:
        files = make_tree(tmp_path / "tree", 150)
        subprocess.run(["cp", "-r", tmp_path / "tree", folder / "tree"], check=True)
        subprocess.run(["diff", "-r", tmp_path / "tree", folder / "tree"], check=True)
        assert contents(folder / "tree") == files
        listed = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="tree/")
        assert len([item for page in listed for item in page["Contents"] if not item["Key"].endswith("/")]) == len(files)
        data = change_a_large_file(folder, stack, bucket)
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
    count("s3fs-fuse", version(), files=len(files), megabytes=130)


def change_a_large_file(folder, stack, bucket):
    """Returns what it was; its first 1000 bytes are left."""
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
    return data


def test_what_was_written_is_there_when_it_is_mounted_again(mounted, stack, bucket, count):
    large = bytes_of("large", 120 << 20)
    small = {f"d{index % 7}/f{index:04}": bytes_of(index, index * 13 % 9000) for index in range(600)}
    with mounted() as folder:
        (folder / "large").write_bytes(large)
        for index in range(7):
            (folder / f"d{index}").mkdir()
        for name, data in small.items():
            (folder / name).write_bytes(data)
        # A log: a line at a time, each durable before the next.
        for line in range(20):
            with open(folder / "log", "a") as file:
                file.write(f"line {line}\n")
                os.fsync(file.fileno())
    s3 = stack.client("s3")
    assert "-" in s3.head_object(Bucket=bucket, Key="large")["ETag"], "not uploaded in parts"
    for number, (name, data) in enumerate(list(small.items())[:50]):
        s3.put_object(Bucket=bucket, Key=name, Body=data[::-1] + str(number).encode())
        small[name] = data[::-1] + str(number).encode()
    with mounted() as folder:
        assert hashlib.sha256((folder / "large").read_bytes()).digest() == hashlib.sha256(large).digest()
        found = contents(folder)
        assert found.pop("large") == large
        assert found.pop("log") == b"".join(b"line %d\n" % line for line in range(20))
        assert found == small
        with open(folder / "large", "rb") as file:
            file.seek(77 << 20)
            assert file.read(100) == large[77 << 20:(77 << 20) + 100]
        subprocess.run(["cp", folder / "large", folder / "copy"], check=True)
        subprocess.run(["cmp", folder / "large", folder / "copy"], check=True)
        (folder / "large").unlink()
    assert s3.head_object(Bucket=bucket, Key="copy")["ContentLength"] == len(large)
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    assert "large" not in {item["Key"] for page in listed for item in page["Contents"]}
    assert not s3.list_multipart_uploads(Bucket=bucket).get("Uploads")
    count("s3fs-fuse mounted twice", version(), files=len(small), megabytes=480)
