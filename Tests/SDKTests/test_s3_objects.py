"""Objects as boto3 reads and writes them: encryption, parts, what a stranger is told, browsers."""

import base64
import hashlib
import json
import uuid

import pytest
import requests
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def bucket(stack):
    name = f"objects-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


@pytest.mark.parametrize("size", [10, 64 << 10, (64 << 10) + 1, 3 << 20])
def test_bytes_come_back_whole_and_in_ranges(stack, bucket, size):
    s3 = stack.client("s3")
    data = hashlib.shake_128(b"seed").digest(size)
    answer = s3.put_object(Bucket=bucket, Key="a", Body=data)
    assert answer["ServerSideEncryption"] == "AES256" and answer["ETag"] == f'"{hashlib.md5(data).hexdigest()}"'
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == data
    part = s3.get_object(Bucket=bucket, Key="a", Range=f"bytes=3-{size - 2}")
    assert part["Body"].read() == data[3:size - 1] and part["ContentRange"] == f"bytes 3-{size - 2}/{size}"
    assert s3.head_object(Bucket=bucket, Key="a")["ContentLength"] == size


def test_an_empty_object_is_an_object(stack, bucket):
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert s3.get_object(Bucket=bucket, Key="empty")["Body"].read() == b""


def test_empty_objects_among_others_are_stored_once(stack):
    # botocore sends `Expect: 100-continue` with each of them, over one connection.
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="empties")
    s3.put_bucket_versioning(Bucket="empties", VersioningConfiguration={"Status": "Enabled"})
    for number in range(20):
        s3.put_object(Bucket="empties", Key=f"{number:02}", Body=b"x" * (number % 3))
    versions = s3.list_object_versions(Bucket="empties")["Versions"]
    assert [(version["Key"], version["Size"]) for version in versions] == [(f"{n:02}", n % 3) for n in range(20)]


def test_a_customers_key_opens_what_it_closed(stack, bucket):
    s3 = stack.client("s3")
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    s3.put_object(Bucket=bucket, Key="locked", Body=b"secret" * 10_000, **key)
    assert s3.get_object(Bucket=bucket, Key="locked", **key)["Body"].read() == b"secret" * 10_000
    for wrong in ({}, key | {"SSECustomerKey": "x" * 32}):
        with pytest.raises(ClientError) as refused:
            s3.get_object(Bucket=bucket, Key="locked", **wrong)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_parts_without_a_chosen_checksum(stack, bucket):
    s3 = stack.client("s3", request_checksum_calculation="when_supported")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    data = [b"a" * (5 << 20), b"b" * 10]
    parts = []
    for number, body in enumerate(data, 1):
        answer = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket=bucket, Key="parts", Range="bytes=5242878-5242881")["Body"].read() == b"aabb"


def user(stack, *actions, resource):
    """A client of a user who may do just this."""
    iam = stack.client("iam")
    name = f"u-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource}]}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return stack.client("s3", key=key["AccessKeyId"], secret=key["SecretAccessKey"])


def test_what_is_missing_is_denied_to_those_who_may_not_list(stack, bucket):
    reader = user(stack, "s3:GetObject", resource=f"arn:aws:s3:::{bucket}/*")
    lister = user(stack, "s3:GetObject", "s3:ListBucket", resource=[f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"])
    stack.client("s3").put_object(Bucket=bucket, Key="there", Body=b"x")
    assert reader.get_object(Bucket=bucket, Key="there")["Body"].read() == b"x"
    for client, status in ((reader, 403), (lister, 404)):
        for operation in (client.get_object, client.head_object):
            with pytest.raises(ClientError) as refused:
                operation(Bucket=bucket, Key="missing")
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_each_key_of_many_is_deleted_or_refused_by_itself(stack, bucket):
    s3 = stack.client("s3")
    for key in ("own/a", "own/b", "other"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    owner = user(stack, "s3:DeleteObject", resource=f"arn:aws:s3:::{bucket}/own/*")
    answer = owner.delete_objects(
        Bucket=bucket, Delete={"Objects": [{"Key": key} for key in ("own/a", "other", "own/b")]})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["own/a", "own/b"]
    assert [(error["Key"], error["Code"]) for error in answer["Errors"]] == [("other", "AccessDenied")]
    assert s3.get_object(Bucket=bucket, Key="other")["Body"].read() == b"x"


def test_a_write_happens_only_if_its_condition_holds(stack, bucket):
    s3 = stack.client("s3")
    etag = s3.put_object(Bucket=bucket, Key="once", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="once", Body=b"2", IfNoneMatch="*")
    assert refused.value.response["Error"]["Code"] == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="once", Body=b"2", IfMatch=etag)
    with pytest.raises(ClientError):
        s3.put_object(Bucket=bucket, Key="once", Body=b"3", IfMatch=etag)
    assert s3.get_object(Bucket=bucket, Key="once")["Body"].read() == b"2"


def test_browsers_are_answered_by_the_buckets_rules(stack, bucket):
    url = f"{stack.endpoint}/{bucket}/page"
    ask = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT",
           "Access-Control-Request-Headers": "content-type,x-amz-meta-a"}
    assert requests.options(url, headers=ask).status_code == 403
    stack.client("s3").put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{
        "AllowedOrigins": ["https://*.example"], "AllowedMethods": ["PUT", "GET"], "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 60}]})
    answer = requests.options(url, headers=ask)
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert answer.headers["Access-Control-Allow-Methods"] == "PUT, GET"
    assert answer.headers["Access-Control-Max-Age"] == "60"
    assert "Access-Control-Request-Method" in answer.headers["Vary"] and "Origin" in answer.headers["Vary"]
    assert requests.options(url, headers=ask | {"Origin": "https://evil.test"}).status_code == 403
    seen = requests.get(url, headers={"Origin": "https://app.example"})
    assert seen.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "ETag" in seen.headers["Access-Control-Expose-Headers"]


def test_all_five_checksums_are_kept_and_told(stack, bucket):
    s3 = stack.client("s3")
    data = b"123456789"
    expected = {"CRC32": "y/Q5Jg==", "CRC32C": "4waSgw==", "CRC64NVME": "rosUhgp5mIg=",
                "SHA1": base64.b64encode(hashlib.sha1(data).digest()).decode(),
                "SHA256": base64.b64encode(hashlib.sha256(data).digest()).decode()}
    for algorithm, value in expected.items():
        member = f"Checksum{algorithm}"
        s3.put_object(Bucket=bucket, Key="sum", Body=data, **{member: value})
        assert s3.head_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")[member] == value
        told = s3.get_object_attributes(Bucket=bucket, Key="sum", ObjectAttributes=["Checksum", "ObjectSize"])
        assert told["Checksum"][member] == value and told["ObjectSize"] == 9
        with pytest.raises(ClientError):
            s3.put_object(Bucket=bucket, Key="sum", Body=b"other", **{member: value})
