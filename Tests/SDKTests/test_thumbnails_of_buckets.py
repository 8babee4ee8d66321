"""Thumbnails of what a bucket has already, and of what could not be read at first."""

import io
import json
import re

import pytest
from PIL import Image

from stack import eventually


@pytest.fixture
def s3(stack):
    if stack.external:
        pytest.skip("the apus command works on its own stack")
    return stack.client("s3")


def photograph(seed):
    out = io.BytesIO()
    Image.effect_noise((200, 150), 20 + seed).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def bucket_of(s3, name, count):
    s3.create_bucket(Bucket=name)
    for index in range(count):
        s3.put_object(Bucket=name, Key=f"{index:03}.jpg", Body=photograph(index), ContentType="image/jpeg")
    return name


def ask_for_thumbnails(s3, bucket):
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "apus:thumbnails", "Value": "64"}]})


def thumbnails(s3, bucket):
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="thumbnails/64/").get("Contents", [])
    return sorted(item["Key"].rpartition("/")[2] for item in listed)


def state(stack, bucket):
    """The bucket's line of `apus thumbnails status`: its state and counts."""
    for line in stack.apus("thumbnails", "status").stdout.splitlines():
        if re.match(rf"{bucket} +(running|completed|cancelled|failed)", line):
            name, state, done, total, derived, refused, waiting, skipped, *_ = line.split()
            return {"state": state, "done": done, "of": total, "derived": derived, "waiting": waiting}
    return None


def test_a_whole_bucket_is_derived_anew_with_progress(stack, s3):
    bucket = bucket_of(s3, "album", 12)
    refused = stack.apus("thumbnails", "regenerate", bucket)
    assert refused.returncode == 1 and "no tag apus:thumbnails" in refused.stderr
    ask_for_thumbnails(s3, bucket)
    assert thumbnails(s3, bucket) == []
    begun = stack.apus("thumbnails", "regenerate", bucket)
    assert begun.returncode == 0, begun.stderr
    done = eventually(lambda: (found := state(stack, bucket)) and found["state"] == "completed" and found)
    assert done == {"state": "completed", "done": "12", "of": "12", "derived": "12", "waiting": "0"}
    assert len(thumbnails(s3, bucket)) == 12


def test_a_crash_in_the_middle_costs_nothing(stack, s3):
    bucket = bucket_of(s3, "long-album", 60)
    ask_for_thumbnails(s3, bucket)
    assert stack.apus("thumbnails", "regenerate", bucket).returncode == 0
    for least in (5, 20):
        eventually(lambda: len(thumbnails(s3, bucket)) >= least)
        stack.kill("apus-thumbnails")
    done = eventually(lambda: (found := state(stack, bucket)) and found["state"] == "completed" and found, seconds=60)
    assert done["done"] == done["of"] == done["derived"] == "60"
    assert len(thumbnails(s3, bucket)) == 60


def test_it_can_be_cancelled_and_begun_again(stack, s3):
    bucket = bucket_of(s3, "cancelled-album", 40)
    ask_for_thumbnails(s3, bucket)
    assert stack.apus("thumbnails", "regenerate", bucket).returncode == 0
    again = stack.apus("thumbnails", "regenerate", bucket)
    assert again.returncode == 1 and "already" in again.stderr
    assert stack.apus("thumbnails", "cancel", bucket).returncode == 0
    assert state(stack, bucket)["state"] == "cancelled"
    assert stack.apus("thumbnails", "cancel", bucket).returncode == 1
    assert stack.apus("thumbnails", "regenerate", bucket).returncode == 0
    assert eventually(lambda: state(stack, bucket)["state"] == "completed")


def test_an_upload_that_may_not_be_read_is_derived_once_it_may(stack, s3):
    bucket = bucket_of(s3, "mistaken-album", 0)
    ask_for_thumbnails(s3, bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": {"Service": "thumbnails.apus"}, "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/closed/*",
    }]}))
    s3.put_object(Bucket=bucket, Key="closed/a.jpg", Body=photograph(1), ContentType="image/jpeg")
    s3.put_object(Bucket=bucket, Key="open.jpg", Body=photograph(2), ContentType="image/jpeg")
    # The image behind it does not wait for it.
    eventually(lambda: thumbnails(s3, bucket) == ["open.jpg"])
    report = eventually(lambda: (text := stack.apus("thumbnails").stdout) and "closed/a.jpg" in text and text)
    assert "AccessDenied" in report
    stack.kill("apus-thumbnails")
    s3.delete_bucket_policy(Bucket=bucket)
    eventually(lambda: thumbnails(s3, bucket) == ["a.jpg", "open.jpg"], seconds=60)
    assert "closed/a.jpg" not in stack.apus("thumbnails").stdout


def test_what_only_its_owner_can_read_is_refused_with_the_reason(stack, s3):
    bucket = bucket_of(s3, "own-key-album", 0)
    ask_for_thumbnails(s3, bucket)
    s3.put_object(Bucket=bucket, Key="own.jpg", Body=photograph(1), ContentType="image/jpeg",
                  SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)

    def report():
        found = s3.list_objects_v2(Bucket=bucket, Prefix="thumbnails/errors/").get("Contents")
        return found and json.load(s3.get_object(Bucket=bucket, Key=found[0]["Key"])["Body"])

    assert "Server Side Encryption" in eventually(report)["reason"]
    assert "own.jpg" not in stack.apus("thumbnails").stdout
