"""Lifecycle rules, as boto3 sees them: those by date, which are due at once."""

import datetime
import json
import uuid

import pytest
from botocore.exceptions import ClientError

from stack import eventually

PAST = {"Date": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)}


@pytest.fixture(autouse=True)
def quick(stack):
    if stack.external:
        pytest.skip("runs rules by its own clock")


@pytest.fixture
def s3(stack):
    return stack.client("s3")


@pytest.fixture
def bucket(s3):
    name = f"lifecycle-{uuid.uuid4().hex[:10]}"
    s3.create_bucket(Bucket=name)
    return name


def put_rules(s3, bucket, *rules, **more):
    named = [{"Status": "Enabled", "Filter": {"Prefix": ""}} | rule for rule in rules]
    return s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": named}, **more)


def keys(s3, bucket):
    return [item["Key"] for item in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_what_is_due_goes_and_the_rest_stays(stack, s3, bucket):
    for key, size, tagging in (("tmp/a", 10, ""), ("tmp/tagged", 10, "keep=1"), ("tmp/large", 100_000, ""), ("b", 1, "")):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x" * size, Tagging=tagging)
    put_rules(s3, bucket, {"ID": "small", "Filter": {"And": {"Prefix": "tmp/", "ObjectSizeLessThan": 1000}},
                           "Expiration": PAST},
              {"ID": "cold", "Filter": {"And": {"Prefix": "tmp/", "ObjectSizeGreaterThan": 1000}},
               "Transitions": [PAST | {"StorageClass": "GLACIER_IR"}]})
    eventually(lambda: keys(s3, bucket) == ["b", "tmp/large"])
    eventually(lambda: s3.head_object(Bucket=bucket, Key="tmp/large").get("StorageClass") == "GLACIER_IR")
    assert s3.get_object(Bucket=bucket, Key="tmp/large")["Body"].read() == b"x" * 100_000


def test_versions_are_hidden_and_lone_markers_go(stack, s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=bucket, Key="old/k", Body=b"1")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="lone/k")
    put_rules(s3, bucket, {"ID": "old", "Filter": {"Prefix": "old/"}, "Expiration": PAST},
              {"ID": "lone", "Filter": {"Prefix": "lone/"}, "Expiration": {"ExpiredObjectDeleteMarker": True}})

    def settled():
        page = s3.list_object_versions(Bucket=bucket)
        return [item["Key"] for item in page.get("DeleteMarkers", [])] == ["old/k"] and page["Versions"]

    assert [item["VersionId"] for item in eventually(settled)] == [version]
    assert s3.get_object(Bucket=bucket, Key="old/k", VersionId=version)["Body"].read() == b"1"


def test_answers_say_when(stack, s3, bucket):
    put_rules(s3, bucket, {"ID": "week old", "Expiration": {"Days": 7}},
              {"ID": "uploads", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}})
    tomorrow = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
    expected = f'expiry-date="{tomorrow + datetime.timedelta(days=7):%a, %d %b %Y} 00:00:00 GMT", rule-id="week old"'
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert put["Expiration"] == expected
    assert s3.head_object(Bucket=bucket, Key="k")["Expiration"] == expected
    assert s3.get_object(Bucket=bucket, Key="k")["Expiration"] == expected
    assert s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/k")["Expiration"] == expected
    upload = s3.create_multipart_upload(Bucket=bucket, Key="u")
    assert upload["AbortDate"].date() == tomorrow + datetime.timedelta(days=2) and upload["AbortRuleId"] == "uploads"
    assert s3.list_parts(Bucket=bucket, Key="u", UploadId=upload["UploadId"])["AbortRuleId"] == "uploads"
    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert "Expiration" not in s3.head_object(Bucket=bucket, Key="k")


def test_configurations_come_back_as_they_were(stack, s3, bucket):
    rules = [{"ID": "all", "Status": "Disabled", "Filter": {"And": {"Prefix": "a", "Tags": [{"Key": "k", "Value": "v"}]}},
              "Expiration": {"Days": 90},
              "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 60, "StorageClass": "GLACIER"}],
              "NoncurrentVersionExpiration": {"NoncurrentDays": 9, "NewerNoncurrentVersions": 3},
              "NoncurrentVersionTransitions": [{"NoncurrentDays": 3, "StorageClass": "GLACIER_IR"}]}]
    size = "TransitionDefaultMinimumObjectSize"
    answer = put_rules(s3, bucket, *rules, **{size: "varies_by_storage_class"})
    assert answer[size] == "varies_by_storage_class"
    kept = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert kept["Rules"] == rules and kept[size] == "varies_by_storage_class"
    assert put_rules(s3, bucket, *rules)[size] == "all_storage_classes_128K"
    with pytest.raises(ClientError) as error:
        put_rules(s3, bucket, {"ID": "a", "Transitions": [{"Days": 1, "StorageClass": "ONEZONE_IA"}]})
    assert error.value.response["Error"]["Message"] == (
        "'Days' in Transition action must be greater than or equal to 30 for storageClass 'ONEZONE_IA'")


def test_the_access_log_tells_of_it(stack, s3, bucket):
    target = f"lifecycle-logs-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=target)
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/*"}]}))
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}})
    s3.put_object(Bucket=bucket, Key="k", Body=b"123")
    put_rules(s3, bucket, {"ID": "a", "Expiration": PAST})

    def lines():
        found = []
        for item in s3.list_objects_v2(Bucket=target).get("Contents", []):
            found += s3.get_object(Bucket=target, Key=item["Key"])["Body"].read().decode().splitlines()
        return [line for line in found if " S3.EXPIRE.OBJECT k " in line]

    line = eventually(lines)[0]
    assert " - AmazonS3 " in line and ' k "-" - - - 3 - - "-" "-" - - - ' in line
