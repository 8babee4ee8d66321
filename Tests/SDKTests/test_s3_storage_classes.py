"""Storage classes, restoring from the archives, and settings of buckets that are kept, as boto3 sees them."""

import json
import uuid

import pytest
import requests
from botocore.exceptions import ClientError

from stack import eventually

CLASSES = [
    "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
    "GLACIER_IR",
]


@pytest.fixture
def bucket(stack):
    name = f"cold-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


def failure(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response


def code(call, **arguments):
    return failure(call, **arguments)["Error"]["Code"]


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_by_every_way_of_writing(stack, bucket, name):
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="put", Body=b"x", StorageClass=name)
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "plain"}, StorageClass=name)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", StorageClass=name)["UploadId"]
    assert s3.list_multipart_uploads(Bucket=bucket)["Uploads"][0]["StorageClass"] == name
    part = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(
        Bucket=bucket, Key="parts", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    form = s3.generate_presigned_post(
        bucket, "form", Fields={"x-amz-storage-class": name}, Conditions=[{"x-amz-storage-class": name}])
    assert requests.post(form["url"], data=form["fields"], files={"file": b"x"}, timeout=10).status_code == 204
    for key in ("put", "copy", "parts", "form"):
        head = s3.head_object(Bucket=bucket, Key=key)
        assert head.get("StorageClass") == (None if name == "STANDARD" else name), key
        attributes = s3.get_object_attributes(Bucket=bucket, Key=key, ObjectAttributes=["StorageClass"])
        assert attributes["StorageClass"] == name
    listed = {item["Key"]: item["StorageClass"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert listed == {"put": name, "plain": "STANDARD", "copy": name, "parts": name, "form": name}


def test_classes_of_other_buckets_are_refused(stack, bucket):
    s3 = stack.client("s3")
    for name in ("OUTPOSTS", "EXPRESS_ONEZONE", "FROZEN"):
        assert code(s3.put_object, Bucket=bucket, Key="a", Body=b"", StorageClass=name) == "InvalidStorageClass"


@pytest.mark.parametrize("size", [10, 200_000])
def test_an_archived_object_is_restored_for_some_days(stack, bucket, size):
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x" * size, StorageClass="GLACIER")
    answer = failure(s3.get_object, Bucket=bucket, Key="a")
    assert answer["Error"]["Code"] == "InvalidObjectState" and answer["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert answer["Error"]["StorageClass"] == "GLACIER"
    source = {"Bucket": bucket, "Key": "a"}
    assert code(s3.copy_object, Bucket=bucket, Key="b", CopySource=source) == "InvalidObjectState"
    assert "Restore" not in s3.head_object(Bucket=bucket, Key="a")

    wish = {"Days": 3, "GlacierJobParameters": {"Tier": "Standard"}}
    started = s3.restore_object(Bucket=bucket, Key="a", RestoreRequest=wish)
    assert started["ResponseMetadata"]["HTTPStatusCode"] == 202
    again = failure(s3.restore_object, Bucket=bucket, Key="a", RestoreRequest=wish)
    assert again["Error"]["Code"] == "RestoreAlreadyInProgress"
    assert again["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert s3.head_object(Bucket=bucket, Key="a")["Restore"] == 'ongoing-request="true"'

    eventually(lambda: 'ongoing-request="false", expiry-date="' in s3.head_object(Bucket=bucket, Key="a")["Restore"])
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x" * size
    longer = s3.restore_object(Bucket=bucket, Key="a", RestoreRequest={"Days": 5})
    assert longer["ResponseMetadata"]["HTTPStatusCode"] == 200
    for listing, member in ((s3.list_objects_v2, "Contents"), (s3.list_objects, "Contents"),
                            (s3.list_object_versions, "Versions")):
        line = listing(Bucket=bucket, OptionalObjectAttributes=["RestoreStatus"])[member][0]
        assert not line["RestoreStatus"]["IsRestoreInProgress"]
        assert line["RestoreStatus"]["RestoreExpiryDate"].hour == 0
        assert "RestoreStatus" not in listing(Bucket=bucket)[member][0]
    # Out of the archive for good: a copy onto itself.
    s3.copy_object(Bucket=bucket, Key="a", CopySource=source, StorageClass="STANDARD")
    head = s3.head_object(Bucket=bucket, Key="a")
    assert "Restore" not in head and "StorageClass" not in head


def test_restoring_goes_on_after_a_crash(stack, bucket):
    if stack.external:
        pytest.skip("kills a service")
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", StorageClass="DEEP_ARCHIVE")
    s3.restore_object(Bucket=bucket, Key="a", RestoreRequest={"Days": 1})
    stack.kill("apus-objects")
    eventually(lambda: 'ongoing-request="false"' in s3.head_object(Bucket=bucket, Key="a")["Restore"])
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"


def test_what_cannot_be_restored(stack, bucket):
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="warm", Body=b"")
    s3.put_object(Bucket=bucket, Key="ice", Body=b"", StorageClass="DEEP_ARCHIVE")
    assert code(s3.restore_object, Bucket=bucket, Key="warm", RestoreRequest={"Days": 1}) == "InvalidObjectState"
    assert code(s3.restore_object, Bucket=bucket, Key="ice", RestoreRequest={}) == "MalformedXML"
    fast = {"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}}
    assert code(s3.restore_object, Bucket=bucket, Key="ice", RestoreRequest=fast) == "InvalidRequest"
    assert code(s3.restore_object, Bucket=bucket, Key="none", RestoreRequest={"Days": 1}) == "NoSuchKey"


def test_a_queue_is_told_of_restorations_and_of_forms(stack, bucket):
    s3, sqs = stack.client("s3"), stack.client("sqs")
    url = sqs.create_queue(QueueName=bucket)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": arn}]})})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [
        {"QueueArn": arn, "Events": ["s3:ObjectRestore:*", "s3:ObjectCreated:Post"]}]})
    s3.put_object(Bucket=bucket, Key="cold", Body=b"x", StorageClass="GLACIER")
    form = s3.generate_presigned_post(bucket, "form")
    assert requests.post(form["url"], data=form["fields"], files={"file": b"x"}, timeout=10).status_code == 204
    s3.restore_object(Bucket=bucket, Key="cold", RestoreRequest={"Days": 1})
    told = []

    def all_told():
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            told.extend(json.loads(message["Body"]).get("Records", []))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(told) >= 3

    eventually(all_told)
    events = {record["eventName"]: record for record in told}
    assert set(events) == {"ObjectCreated:Post", "ObjectRestore:Post", "ObjectRestore:Completed"}
    data = events["ObjectRestore:Completed"]["glacierEventData"]["restoreEventData"]
    assert data["lifecycleRestoreStorageClass"] == "GLACIER"


def test_settings_are_kept_by_name(stack, bucket):
    s3 = stack.client("s3")
    tiering = {"Id": "archive", "Status": "Enabled", "Filter": {"Prefix": "old/"},
               "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}
    s3.put_bucket_intelligent_tiering_configuration(
        Bucket=bucket, Id="archive", IntelligentTieringConfiguration=tiering)
    kept = s3.get_bucket_intelligent_tiering_configuration(Bucket=bucket, Id="archive")
    assert kept["IntelligentTieringConfiguration"] == tiering
    metrics = {"Id": "all", "Filter": {"And": {"Prefix": "a", "Tags": [{"Key": "k", "Value": "v"}]}}}
    s3.put_bucket_metrics_configuration(Bucket=bucket, Id="all", MetricsConfiguration=metrics)
    assert s3.list_bucket_metrics_configurations(Bucket=bucket)["MetricsConfigurationList"] == [metrics]
    inventory = {"Id": "all", "IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"},
                 "OptionalFields": ["Size", "ETag"], "Destination": {"S3BucketDestination": {
                     "Bucket": f"arn:aws:s3:::{bucket}", "Format": "CSV", "Prefix": "inventory"}}}
    s3.put_bucket_inventory_configuration(Bucket=bucket, Id="all", InventoryConfiguration=inventory)
    assert s3.get_bucket_inventory_configuration(Bucket=bucket, Id="all")["InventoryConfiguration"] == inventory
    analytics = {"Id": "all", "StorageClassAnalysis": {}}
    s3.put_bucket_analytics_configuration(Bucket=bucket, Id="all", AnalyticsConfiguration=analytics)
    assert s3.list_bucket_analytics_configurations(Bucket=bucket)["AnalyticsConfigurationList"][0]["Id"] == "all"
    s3.delete_bucket_inventory_configuration(Bucket=bucket, Id="all")
    assert code(s3.get_bucket_inventory_configuration, Bucket=bucket, Id="all") == "NoSuchConfiguration"
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"]["Status"] == "Disabled"


def test_what_directory_buckets_alone_have(stack, bucket):
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"")
    assert s3.list_directory_buckets()["Buckets"] == []
    assert code(s3.create_session, Bucket=bucket) == "MethodNotAllowed"
    assert code(s3.rename_object, Bucket=bucket, Key="b", RenameSource=f"/{bucket}/a") == "MethodNotAllowed"
    assert code(s3.get_object_torrent, Bucket=bucket, Key="a") == "MethodNotAllowed"


def test_keys_of_kms_in_two_layers_and_changed_later(stack, bucket):
    s3, kms = stack.client("s3"), stack.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    answer = s3.put_object(Bucket=bucket, Key="two", Body=b"x" * 100_000, ServerSideEncryption="aws:kms:dsse",
                           SSEKMSKeyId=key)
    assert answer["ServerSideEncryption"] == "aws:kms:dsse" and answer["SSEKMSKeyId"] == key
    assert s3.get_object(Bucket=bucket, Key="two", Range="bytes=99990-")["Body"].read() == b"x" * 10
    s3.put_object(Bucket=bucket, Key="plain", Body=b"y" * 100_000)
    s3.update_object_encryption(Bucket=bucket, Key="plain", ObjectEncryption={"SSEKMS": {"KMSKeyArn": key}})
    read = s3.get_object(Bucket=bucket, Key="plain")
    assert read["SSEKMSKeyId"] == key and read["Body"].read() == b"y" * 100_000
