"""Access control lists as boto3 sets them and strangers meet them."""

import uuid

import pytest
import requests
from botocore import UNSIGNED
from botocore.exceptions import ClientError

EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def bucket(stack):
    """A bucket with lists, and without the block of public access that new buckets have."""
    name = f"access-{uuid.uuid4().hex[:8]}"
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=name)
    return name


def anonymous(stack):
    return stack.client("s3", signature_version=UNSIGNED)


def code(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def test_a_canned_list_makes_an_object_public_and_private_again(stack, bucket):
    s3, stranger = stack.client("s3"), anonymous(stack)
    s3.put_object(Bucket=bucket, Key="cat", Body=b"meow", ACL="public-read")
    modified = s3.head_object(Bucket=bucket, Key="cat")["LastModified"]
    assert stranger.get_object(Bucket=bucket, Key="cat")["Body"].read() == b"meow"
    assert code(stranger.get_object_acl, Bucket=bucket, Key="cat") == "AccessDenied"
    grants = s3.get_object_acl(Bucket=bucket, Key="cat")["Grants"]
    assert {"Grantee": {"Type": "Group", "URI": EVERYONE}, "Permission": "READ"} in grants
    s3.put_object_acl(Bucket=bucket, Key="cat", ACL="private")
    assert code(stranger.get_object, Bucket=bucket, Key="cat") == "AccessDenied"
    assert s3.head_object(Bucket=bucket, Key="cat")["LastModified"] == modified


def test_a_whole_list_comes_back_as_it_was_given(stack, bucket):
    s3 = stack.client("s3")
    given = s3.get_bucket_acl(Bucket=bucket)
    grant = {"Grantee": {"Type": "Group", "URI": EVERYONE}, "Permission": "READ"}
    s3.put_bucket_acl(
        Bucket=bucket, AccessControlPolicy={"Owner": given["Owner"], "Grants": given["Grants"] + [grant]})
    kept = s3.get_bucket_acl(Bucket=bucket)
    assert kept["Owner"] == given["Owner"] and len(kept["Grants"]) == 2 and grant in kept["Grants"]
    assert anonymous(stack).list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert code(anonymous(stack).put_object, Bucket=bucket, Key="a", Body=b"") == "AccessDenied"


def test_new_buckets_know_no_lists(stack):
    s3 = stack.client("s3")
    name = f"access-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    assert code(s3.put_bucket_acl, Bucket=name, ACL="public-read") == "AccessControlListNotSupported"
    assert code(s3.put_object, Bucket=name, Key="a", ACL="public-read") == "AccessControlListNotSupported"
    s3.put_object(Bucket=name, Key="a", ACL="bucket-owner-full-control")


def test_a_preflight_without_an_origin_is_a_bad_request(stack, bucket):
    answer = requests.options(f"{stack.endpoint}/{bucket}/cat", timeout=10)
    assert answer.status_code == 400 and "<Code>BadRequest</Code>" in answer.text


def test_a_presigned_form_uploads_what_its_policy_allows(stack):
    s3 = stack.client("s3")
    name = f"access-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    # Without being told, boto3 signs forms in the way that AWS's newer buckets refuse.
    post = stack.client("s3", signature_version="s3v4").generate_presigned_post(
        name, "pets/${filename}", Fields={"Content-Type": "text/plain", "x-amz-meta-mood": "fine"},
        Conditions=[{"Content-Type": "text/plain"}, {"x-amz-meta-mood": "fine"}, ["content-length-range", 1, 3 << 20]])
    data = bytes(range(256)) * 8000
    answer = requests.post(post["url"], data=post["fields"], files={"file": ("cat.txt", data)}, timeout=30)
    assert answer.status_code == 204, answer.text
    stored = s3.get_object(Bucket=name, Key="pets/cat.txt")
    assert stored["Body"].read() == data and stored["Metadata"] == {"mood": "fine"}
    assert stored["ContentType"] == "text/plain" and answer.headers["ETag"] == stored["ETag"]

    large = requests.post(post["url"], data=post["fields"], files={"file": ("big", b"x" * (4 << 20))}, timeout=30)
    assert large.status_code == 400 and "<Code>EntityTooLarge</Code>" in large.text
    assert code(s3.get_object, Bucket=name, Key="pets/big") == "NoSuchKey"
    changed = requests.post(
        post["url"], data=post["fields"] | {"x-amz-meta-mood": "cross"}, files={"file": ("cat.txt", b"x")}, timeout=30)
    assert changed.status_code == 403 and "Policy Condition failed" in changed.text
    unsigned = requests.post(post["url"], data={"key": "a"}, files={"file": b"x"}, timeout=30)
    assert unsigned.status_code == 403 and "<Code>AccessDenied</Code>" in unsigned.text
