"""Server access logs and buckets whose requests others pay for, as boto3 sees them."""

import json
import re
import shlex
import uuid

import pytest
import requests
from botocore.exceptions import ClientError

from stack import eventually

DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"


@pytest.fixture(autouse=True)
def quick(stack):
    if stack.external:
        pytest.skip("delivers logs by its own clock")


def make_bucket(stack, **settings):
    name = f"logs-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name, **settings)
    return name


def allow_delivery(stack, target, source):
    stack.client("s3").put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/log/*",
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"}}}]}))


def log_to(stack, source, target, **more):
    stack.client("s3").put_bucket_logging(Bucket=source, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "log/"} | more})


def fields(line):
    """The 26 fields of a record; the time keeps its brackets."""
    return shlex.split(re.sub(r"\[([^]]*)\]", r'"[\1]"', line))


def records(stack, target, **wanted):
    """All that was delivered, by key and operation."""
    s3 = stack.client("s3")
    lines = []
    for item in s3.list_objects_v2(Bucket=target, Prefix=wanted.get("prefix", "log/")).get("Contents", []):
        lines += s3.get_object(Bucket=target, Key=item["Key"])["Body"].read().decode().splitlines()
    return {(record[6], record[7]): record for record in map(fields, lines)}


def code(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def test_every_request_to_a_bucket_is_in_its_log(stack):
    s3, source, target = stack.client("s3"), make_bucket(stack), make_bucket(stack)
    allow_delivery(stack, target, source)
    log_to(stack, source, target)
    put = s3.put_object(Bucket=source, Key="a b/ä", Body=b"x" * 5000)
    s3.get_object(Bucket=source, Key="a b/ä", Range="bytes=0-99")["Body"].read()
    s3.list_objects_v2(Bucket=source)
    assert code(s3.get_object, Bucket=source, Key="missing") == "NoSuchKey"
    assert requests.get(f"{stack.endpoint}/{source}/secret", headers={"Referer": "https://a/\"b", "User-Agent": "me"},
                        timeout=10).status_code == 403
    url = stack.client("s3", signature_version="s3v4").generate_presigned_url(
        "get_object", Params={"Bucket": source, "Key": "a b/ä"})
    assert requests.get(url, timeout=10).status_code == 200
    s3.copy_object(Bucket=source, Key="copy", CopySource={"Bucket": source, "Key": "a b/ä"})
    s3.delete_objects(Bucket=source, Delete={"Objects": [{"Key": "copy"}, {"Key": "other"}]})
    found = eventually(lambda: (seen := records(stack, target)) and ("BATCH.DELETE.OBJECT", "other") in seen and seen)

    owner = s3.list_buckets()["Owner"]["ID"]
    stored = found["REST.PUT.OBJECT", "a%20b/%C3%A4"]
    assert len(stored) == 26 and stored[:2] == [owner, source] and stored[4] == owner
    assert re.fullmatch(r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]", stored[2])
    assert stored[3] == "127.0.0.1" and stored[5] == put["ResponseMetadata"]["RequestId"]
    assert stored[8] == f"PUT /{source}/a%20b/%C3%A4 HTTP/1.1" and stored[9:13] == ["200", "-", "-", "5000"]
    assert stored[18:22] == [put["ResponseMetadata"]["HostId"], "SigV4", "-", "AuthHeader"]
    assert stored[22] == stack.endpoint.split("://")[1] and "Boto3" in stored[16]
    missing = found["REST.GET.OBJECT", "missing"]
    assert missing[9:11] == ["404", "NoSuchKey"]
    stranger = found["REST.GET.OBJECT", "secret"]
    assert stranger[4] == "-" and stranger[9:11] == ["403", "AccessDenied"] and stranger[19:22] == ["-", "-", "-"]
    assert stranger[15:17] == ["https://a/?b", "me"]
    # Of the two reads of one key the later one is kept here: the presigned one, without what makes it work.
    presigned = found["REST.GET.OBJECT", "a%20b/%C3%A4"]
    assert presigned[21] == "QueryString" and presigned[9:13] == ["200", "-", "5000", "5000"]
    assert "X-Amz-Signature=REDACTED" in presigned[8] and "X-Amz-Credential=" in presigned[8]
    assert found["REST.GET.BUCKET", "-"][9] == "200" and found["REST.COPY.OBJECT", "copy"][9] == "200"
    assert found["REST.COPY.OBJECT_GET", "a%20b/%C3%A4"][1] == source
    assert found["REST.POST.MULTI_OBJECT_DELETE", "-"][9] == "200"
    assert found["BATCH.DELETE.OBJECT", "copy"][9] == "204"


def test_logs_wait_for_their_delivery_through_a_crash(stack):
    s3, source, target = stack.client("s3"), make_bucket(stack), make_bucket(stack)
    allow_delivery(stack, target, source)
    log_to(stack, source, target, TargetObjectKeyFormat={"PartitionedPrefix": {"PartitionDateSource": "EventTime"}})
    s3.put_object(Bucket=source, Key="before", Body=b"")
    eventually(lambda: ("REST.PUT.OBJECT", "before") in records(stack, target))
    stack.kill("apus-objects")
    s3.put_object(Bucket=source, Key="after", Body=b"")
    eventually(lambda: ("REST.PUT.OBJECT", "after") in records(stack, target))
    key = s3.list_objects_v2(Bucket=target)["Contents"][0]["Key"]
    assert re.fullmatch(rf"log/\d{{12}}/us-east-1/{source}/(\d{{4}})/(\d\d)/(\d\d)/\1-\2-\3-\d\d-\d\d-\d\d-[0-9A-F]{{16}}", key)


def test_the_target_must_let_the_logs_in(stack):
    s3, source = stack.client("s3"), make_bucket(stack)
    target = make_bucket(stack, ObjectOwnership="ObjectWriter")
    status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "log/"}}
    assert code(s3.put_bucket_logging, Bucket=source, BucketLoggingStatus=status) == "InvalidTargetBucketForLogging"
    s3.put_bucket_acl(Bucket=target, ACL="log-delivery-write")
    reader = {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},
              "Permission": "READ"}
    log_to(stack, source, target, TargetGrants=[reader])
    assert s3.get_bucket_logging(Bucket=source)["LoggingEnabled"] == status["LoggingEnabled"] | {"TargetGrants": [reader]}
    s3.head_bucket(Bucket=source)
    eventually(lambda: ("REST.HEAD.BUCKET", "-") in records(stack, target))
    key = s3.list_objects_v2(Bucket=target)["Contents"][0]["Key"]
    assert reader in s3.get_object_acl(Bucket=target, Key=key)["Grants"]
    nowhere = {"LoggingEnabled": {"TargetBucket": "nowhere-at-all", "TargetPrefix": ""}}
    assert code(s3.put_bucket_logging, Bucket=source, BucketLoggingStatus=nowhere) == "InvalidTargetBucketForLogging"
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=source)


def test_requesters_pay_if_they_say_so(stack):
    s3 = stack.client("s3")
    bucket = make_bucket(stack)
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}]}))
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    url = f"{stack.endpoint}/{bucket}/a"
    assert requests.get(url, timeout=10).status_code == 200
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "Requester"
    # Nobody can send a bill to a stranger, whatever they promise.
    for headers in ({}, {"x-amz-request-payer": "requester"}):
        answer = requests.get(url, headers=headers, timeout=10)
        assert answer.status_code == 403 and "<Code>AccessDenied</Code>" in answer.text
    own = s3.get_object(Bucket=bucket, Key="a")
    assert own["Body"].read() == b"a" and "RequestCharged" not in own
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "BucketOwner"})
    assert requests.get(url, timeout=10).status_code == 200
