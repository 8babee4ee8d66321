"""Bodies that the gateway reads from the owner's files: whole, in ranges, by part, of every encryption, and files that go away."""

import base64
import hashlib
import os
import pathlib
import random
import time

import pytest

PART = 5 << 20
CUSTOMER_KEY = bytes(range(32))


@pytest.fixture(scope="module")
def s3(stack):
    return stack.client("s3")


@pytest.fixture(scope="module")
def bucket(s3):
    s3.create_bucket(Bucket="large-bodies")
    s3.put_bucket_versioning(Bucket="large-bodies", VersioningConfiguration={"Status": "Enabled"})
    return "large-bodies"


def customer():
    return {
        "SSECustomerAlgorithm": "AES256", "SSECustomerKey": base64.b64encode(CUSTOMER_KEY).decode(),
        "SSECustomerKeyMD5": base64.b64encode(hashlib.md5(CUSTOMER_KEY).digest()).decode(),
    }


def upload(s3, bucket, key, parts, encryption):
    """In parts of different sizes, each a file of its own."""
    per_request = encryption if "SSECustomerKey" in encryption else {}
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key, **encryption)["UploadId"]
    done = []
    for number, part in enumerate(parts, 1):
        tag = s3.upload_part(
            Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part, **per_request)["ETag"]
        done.append({"PartNumber": number, "ETag": tag})
    return s3.complete_multipart_upload(
        Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": done}, **per_request)["VersionId"]


@pytest.mark.parametrize("kind", ["AES256", "aws:kms", "aws:kms:dsse", "customer"])
def test_every_encryption_is_read_whole_in_ranges_and_by_part(s3, bucket, kind):
    encryption = customer() if kind == "customer" else {"ServerSideEncryption": kind}
    key = f"parts-{kind.replace(':', '-')}"
    parts = [random.Random(number).randbytes(size) for number, size in enumerate([PART, PART + 12_345, PART, 300_001])]
    whole = b"".join(parts)
    upload(s3, bucket, key, parts, encryption)
    read = {"Bucket": bucket, "Key": key} | (encryption if kind == "customer" else {})

    assert s3.get_object(**read)["Body"].read() == whole
    for first, last in [
        (0, 0), (1, len(whole) - 2), (PART - 3, PART + 400_000), (17, 17 + (256 << 10)), (PART * 2, PART * 2 + 5),
        (len(whole) - 300_000, len(whole) - 1),
    ]:
        answer = s3.get_object(Range=f"bytes={first}-{last}", **read)
        assert answer["ContentLength"] == last - first + 1
        assert answer["Body"].read() == whole[first : last + 1], (first, last)
    for number, part in enumerate(parts, 1):
        assert s3.get_object(PartNumber=number, **read)["Body"].read() == part


def test_versions_are_read_each_with_its_own_key(s3, bucket):
    bodies = [random.Random(n).randbytes(1_000_003 + n) for n in range(3)]
    versions = [s3.put_object(Bucket=bucket, Key="versions", Body=body)["VersionId"] for body in bodies]
    for version, body in zip(versions, bodies):
        assert s3.get_object(Bucket=bucket, Key="versions", VersionId=version)["Body"].read() == body


def test_an_object_that_is_deleted_while_it_is_read_is_read_to_its_end(s3, bucket):
    body = random.Random(5).randbytes(30_000_000)
    version = s3.put_object(Bucket=bucket, Key="deleted", Body=body)["VersionId"]
    answer = s3.get_object(Bucket=bucket, Key="deleted")["Body"]
    first = answer.read(1000)
    s3.delete_object(Bucket=bucket, Key="deleted", VersionId=version)
    assert first + answer.read() == body


def open_files(stack):
    """Descriptors of the gateway and of the owner that are open on stored bytes."""
    found = []
    for name in ("apus-gateway", "apus-objects"):
        for pid in stack.pids(name):
            for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                try:
                    target = os.readlink(descriptor)
                except OSError:
                    continue
                if target.startswith(f"{stack.data}/objects/") and "/bytes/" in target:
                    found.append((name, target))
    return found


def test_nothing_stays_open_of_what_was_read_or_left_unread(s3, bucket, stack):
    if stack.external:
        pytest.skip("looks at the processes of a stack of its own")
    body = random.Random(6).randbytes(20_000_000)
    s3.put_object(Bucket=bucket, Key="left", Body=body)
    upload(s3, bucket, "left-parts", [body[: 6 << 20]] * 3, {})
    for key in ("left", "left-parts"):
        reading = [s3.get_object(Bucket=bucket, Key=key)["Body"] for _ in range(5)]
        for answer in reading:
            answer.read(100_000)
        # A client that reads no further is who keeps files open.
        assert open_files(stack)
        for answer in reading:
            answer.close()
    assert s3.get_object(Bucket=bucket, Key="left")["Body"].read() == body
    end = time.monotonic() + 10
    while open_files(stack) and time.monotonic() < end:
        time.sleep(0.05)
    assert open_files(stack) == []
