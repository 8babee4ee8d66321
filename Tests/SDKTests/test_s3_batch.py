"""Batch Operations: jobs that do one thing to each object of a list, as boto3 and the AWS CLI make them."""

import base64
import csv
import gzip
import hashlib
import io
import json
import socket
import subprocess
import sys
import textwrap
import urllib.parse
import uuid
import zipfile
import zlib

import boto3
import botocore.config
import pytest
import xxhash
from botocore.exceptions import ClientError

from stack import eventually

ACCOUNT = "000000000000"
ENDED = {"Complete", "Failed", "Cancelled"}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Names under `localhost` are this machine (RFC 6761); not every container's resolver knows."""
    resolve = socket.getaddrinfo

    def local(host, *more, **named):
        return resolve("127.0.0.1" if str(host).endswith("localhost") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local)


@pytest.fixture
def control(stack):
    """SDKs put the account before the name of the endpoint."""
    return boto3.client(
        "s3control", region_name="us-east-1", endpoint_url=stack.endpoint.replace("127.0.0.1", "localhost"),
        aws_access_key_id=stack.key, aws_secret_access_key=stack.secret,
        config=botocore.config.Config(retries={"max_attempts": 8, "mode": "standard"}))


@pytest.fixture
def s3(stack):
    return stack.client("s3")


@pytest.fixture
def bucket(s3):
    name = f"batch-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    return name


def make_role(stack, *actions, trusted="batchoperations.s3.amazonaws.com"):
    iam, name = stack.client("iam"), f"batch-{uuid.uuid4().hex[:8]}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}}))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": list(actions), "Resource": "*"}}))
    return role


def put_manifest(s3, bucket, rows, fields=("Bucket", "Key")):
    """Rows of keys, or of keys and versions, of the bucket's objects."""
    text = "".join(",".join([bucket, *(urllib.parse.quote(field) for field in row)]) + "\n" for row in rows)
    etag = s3.put_object(Bucket=bucket, Key="manifest.csv", Body=text.encode())["ETag"]
    return {"Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": list(fields)},
            "Location": {"ObjectArn": f"arn:aws:s3:::{bucket}/manifest.csv", "ETag": etag.strip('"')}}


def report(bucket, scope="AllTasks"):
    return {"Bucket": f"arn:aws:s3:::{bucket}", "Format": "Report_CSV_20180820", "Enabled": True, "Prefix": "reports",
            "ReportScope": scope}


def create(control, role, operation, **more):
    settings = {"ConfirmationRequired": False, "Priority": 10, "Report": {"Enabled": False}} | more
    return control.create_job(
        AccountId=ACCOUNT, RoleArn=role, Operation=operation, ClientRequestToken=uuid.uuid4().hex, **settings)["JobId"]


def describe(control, job):
    return control.describe_job(AccountId=ACCOUNT, JobId=job)["Job"]


def until(control, job, *statuses):
    def reached():
        found = describe(control, job)
        assert found["Status"] in statuses or found["Status"] not in ENDED, found
        return found["Status"] in statuses and found
    return eventually(reached, seconds=60)


def read_report(s3, bucket, job):
    """The rows of succeeded and of failed tasks."""
    index = json.loads(s3.get_object(Bucket=bucket, Key=f"reports/job-{job}/manifest.json")["Body"].read())
    assert index["Format"] == "Report_CSV_20180820"
    rows = {"succeeded": [], "failed": []}
    for result in index["Results"]:
        body = s3.get_object(Bucket=bucket, Key=result["Key"])["Body"].read()
        assert hashlib.md5(body).hexdigest() == result["MD5Checksum"]
        rows[result["TaskExecutionStatus"]] += csv.reader(io.StringIO(body.decode()))
    return rows


def test_tags_are_set_and_a_report_tells_of_each_object(stack, s3, control, bucket):
    role = make_role(stack, "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging")
    keys = ["plain", "with space,comma", "umlaut-ü/and \"quotes\""]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    manifest = put_manifest(s3, bucket, [[key] for key in [*keys, "missing"]])
    job = create(control, role, {"S3PutObjectTagging": {"TagSet": [{"Key": "team", "Value": "red"}]}},
                 Manifest=manifest, Report=report(bucket), Description="Tags", Tags=[{"Key": "a", "Value": "b"}])
    found = until(control, job, "Complete")
    summary = found["ProgressSummary"]
    assert (summary["TotalNumberOfTasks"], summary["NumberOfTasksSucceeded"], summary["NumberOfTasksFailed"]) == (4, 3, 1)
    assert found["Manifest"] == manifest and found["Description"] == "Tags" and found["Priority"] == 10
    assert found["JobArn"] == f"arn:aws:s3:us-east-1:{ACCOUNT}:job/{job}" and found["RoleArn"] == role
    assert found["TerminationDate"] >= found["CreationTime"]
    for key in keys:
        assert s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] == [{"Key": "team", "Value": "red"}]
    rows = read_report(s3, bucket, job)
    assert {urllib.parse.unquote(row[1]) for row in rows["succeeded"]} == set(keys)
    assert all(row[0] == bucket and row[3:6] == ["succeeded", "200", ""] for row in rows["succeeded"])
    assert [row[1:6] for row in rows["failed"]] == [["missing", "", "failed", "404", "NoSuchKey"]]
    assert control.get_job_tagging(AccountId=ACCOUNT, JobId=job)["Tags"] == [{"Key": "a", "Value": "b"}]
    control.delete_job_tagging(AccountId=ACCOUNT, JobId=job)
    assert control.get_job_tagging(AccountId=ACCOUNT, JobId=job)["Tags"] == []


def test_objects_are_copied_with_what_the_job_gives_them(stack, s3, control, bucket):
    role = make_role(stack, "s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging")
    target = f"{bucket}-copies"
    s3.create_bucket(Bucket=target)
    s3.put_object(Bucket=bucket, Key="a b", Body=b"one", Metadata={"old": "1"}, ContentType="text/x-old")
    s3.put_object(Bucket=bucket, Key="c", Body=b"two")
    job = create(control, role, {"S3PutObjectCopy": {
        "TargetResource": f"arn:aws:s3:::{target}", "TargetKeyPrefix": "copies", "StorageClass": "STANDARD_IA",
        "MetadataDirective": "REPLACE", "NewObjectMetadata": {
            "ContentType": "text/plain", "UserMetadata": {"new": "2"}, "SSEAlgorithm": "AES256"},
        "NewObjectTagging": [{"Key": "k+", "Value": "v=1"}]}},
        Manifest=put_manifest(s3, bucket, [["a b"], ["c"]]))
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksSucceeded"] == 2
    copy = s3.get_object(Bucket=target, Key="copies/a b")
    assert copy["Body"].read() == b"one" and copy["Metadata"] == {"new": "2"} and copy["ContentType"] == "text/plain"
    assert copy["StorageClass"] == "STANDARD_IA"
    assert s3.get_object_tagging(Bucket=target, Key="copies/c")["TagSet"] == [{"Key": "k+", "Value": "v=1"}]


def test_versions_are_held_and_kept(stack, s3, control):
    bucket = f"batch-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    role = make_role(stack, "s3:GetObject", "s3:PutObjectLegalHold", "s3:PutObjectRetention")
    first, second = (s3.put_object(Bucket=bucket, Key="a", Body=body)["VersionId"] for body in (b"1", b"2"))
    manifest = put_manifest(s3, bucket, [["a", first]], ("Bucket", "Key", "VersionId"))
    job = create(control, role, {"S3PutObjectLegalHold": {"LegalHold": {"Status": "ON"}}}, Manifest=manifest)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 0
    assert s3.get_object_legal_hold(Bucket=bucket, Key="a", VersionId=first)["LegalHold"]["Status"] == "ON"
    assert "ObjectLockLegalHoldStatus" not in s3.head_object(Bucket=bucket, Key="a", VersionId=second)
    job = create(control, role, {"S3PutObjectRetention": {"Retention": {
        "Mode": "GOVERNANCE", "RetainUntilDate": "2099-01-01T00:00:00Z"}}}, Manifest=manifest)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 0
    assert s3.head_object(Bucket=bucket, Key="a", VersionId=first)["ObjectLockMode"] == "GOVERNANCE"


def test_archived_objects_are_asked_for(stack, s3, control, bucket):
    role = make_role(stack, "s3:GetObject", "s3:RestoreObject")
    s3.put_object(Bucket=bucket, Key="old", Body=b"x", StorageClass="GLACIER")
    s3.put_object(Bucket=bucket, Key="new", Body=b"x")
    job = create(control, role, {"S3InitiateRestoreObject": {"ExpirationInDays": 2, "GlacierJobTier": "STANDARD"}},
                 Manifest=put_manifest(s3, bucket, [["old"], ["new"]]))
    summary = until(control, job, "Complete")["ProgressSummary"]
    assert (summary["NumberOfTasksSucceeded"], summary["NumberOfTasksFailed"]) == (1, 1)
    assert "ongoing-request" in s3.head_object(Bucket=bucket, Key="old")["Restore"]


def test_lists_of_rights_are_set_and_tags_removed(stack, s3, control, bucket):
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    s3.delete_public_access_block(Bucket=bucket)
    role = make_role(stack, "s3:GetObject", "s3:PutObjectAcl", "s3:DeleteObjectTagging")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Tagging="a=1")
    manifest = put_manifest(s3, bucket, [["a"]])
    job = create(control, role, {"S3PutObjectAcl": {"AccessControlPolicy": {
        "CannedAccessControlList": "public-read"}}}, Manifest=manifest)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 0
    assert len(s3.get_object_acl(Bucket=bucket, Key="a")["Grants"]) == 2
    job = create(control, role, {"S3DeleteObjectTagging": {}}, Manifest=manifest)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 0
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == []


def test_a_job_waits_to_be_confirmed_and_can_be_cancelled(stack, s3, control, bucket):
    role = make_role(stack, "s3:GetObject", "s3:PutObjectTagging")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    operation = {"S3PutObjectTagging": {"TagSet": [{"Key": "k", "Value": "v"}]}}
    manifest = put_manifest(s3, bucket, [["a"]])
    job = create(control, role, operation, Manifest=manifest, ConfirmationRequired=True)
    found = until(control, job, "Suspended")
    assert found["SuspendedCause"] == "AWAITING_CONFIRMATION" and found["ProgressSummary"]["TotalNumberOfTasks"] == 1
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == []
    assert control.update_job_priority(AccountId=ACCOUNT, JobId=job, Priority=77)["Priority"] == 77
    control.update_job_status(AccountId=ACCOUNT, JobId=job, RequestedJobStatus="Ready")
    assert until(control, job, "Complete")["Priority"] == 77
    with pytest.raises(ClientError) as error:
        control.update_job_status(AccountId=ACCOUNT, JobId=job, RequestedJobStatus="Cancelled")
    assert error.value.response["Error"]["Code"] == "JobStatusException"
    other = create(control, role, operation, Manifest=manifest, ConfirmationRequired=True)
    until(control, other, "Suspended")
    control.update_job_status(
        AccountId=ACCOUNT, JobId=other, RequestedJobStatus="Cancelled", StatusUpdateReason="not needed")
    assert until(control, other, "Cancelled")["StatusUpdateReason"] == "not needed"
    listed = control.list_jobs(AccountId=ACCOUNT, JobStatuses=["Cancelled", "Complete"], MaxResults=1000)["Jobs"]
    assert {one["JobId"]: (one["Status"], one["Operation"]) for one in listed}.items() >= {
        job: ("Complete", "S3PutObjectTagging"), other: ("Cancelled", "S3PutObjectTagging")}.items()
    pages = [control.list_jobs(AccountId=ACCOUNT, MaxResults=1)]
    pages.append(control.list_jobs(AccountId=ACCOUNT, MaxResults=1, NextToken=pages[0]["NextToken"]))
    assert [page["Jobs"][0]["JobId"] for page in pages] == [other, job]


def test_what_the_role_may_not_do_is_not_done(stack, s3, control, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    manifest = put_manifest(s3, bucket, [["a"]])
    operation = {"S3PutObjectTagging": {"TagSet": [{"Key": "k", "Value": "v"}]}}
    job = create(control, make_role(stack, "s3:GetObject", "s3:PutObject"), operation, Manifest=manifest,
                 Report=report(bucket, "FailedTasksOnly"))
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 1
    assert read_report(s3, bucket, job)["failed"][0][3:6] == ["failed", "403", "AccessDenied"]
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == []
    blind = create(control, make_role(stack, "s3:PutObjectTagging"), operation, Manifest=manifest)
    assert until(control, blind, "Failed")["FailureReasons"][0]["FailureCode"] == "AccessDenied"
    stranger = create(
        control, make_role(stack, "s3:*", trusted="lambda.amazonaws.com"), operation, Manifest=manifest)
    assert until(control, stranger, "Failed")["FailureReasons"][0]["FailureCode"] == "AccessDenied"
    manifest["Location"]["ETag"] = "0" * 32
    changed = create(control, make_role(stack, "s3:*"), operation, Manifest=manifest)
    assert until(control, changed, "Failed")["FailureReasons"][0]["FailureCode"] == "PreconditionFailed"


def test_requests_that_make_no_job_say_why(stack, s3, control, bucket):
    role = make_role(stack, "s3:*")
    manifest = put_manifest(s3, bucket, [["a"]])
    tag = {"S3PutObjectTagging": {"TagSet": []}}

    def code(**arguments):
        with pytest.raises(ClientError) as error:
            create(control, role, arguments.pop("Operation", tag), **arguments)
        return error.value.response["Error"]["Code"]

    assert code() == "InvalidRequest"
    assert code(Manifest=manifest, Operation=tag | {"S3DeleteObjectTagging": {}}) == "InvalidRequest"
    assert code(Manifest=manifest, Report={"Enabled": True}) == "InvalidRequest"
    assert code(
        Manifest=manifest, Operation={"S3ComputeObjectChecksum": {"ChecksumType": "COMPOSITE"}}) == "InvalidRequest"
    with pytest.raises(ClientError) as error:
        describe(control, str(uuid.uuid4()))
    assert error.value.response["Error"]["Code"] == "NoSuchJobException"
    token = uuid.uuid4().hex
    job = {"AccountId": ACCOUNT, "RoleArn": role, "Operation": tag, "ClientRequestToken": token, "Priority": 1,
           "Report": {"Enabled": False}, "Manifest": manifest}
    assert control.create_job(**job)["JobId"] == control.create_job(**job)["JobId"]
    with pytest.raises(ClientError) as error:
        control.create_job(**job | {"Description": "another"})
    assert error.value.response["Error"]["Code"] == "IdempotencyException"


def replicated(stack, s3, **rule):
    """Two buckets with versions, objects in the first, and then a rule that brings new ones to the second."""
    suffix = uuid.uuid4().hex[:8]
    source, target = f"batch-source-{suffix}", f"batch-target-{suffix}"
    for name in (source, target):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for number in range(5):
        s3.put_object(Bucket=source, Key=f"logs/{number}", Body=b"x" * (number + 1))
    s3.put_object(Bucket=source, Key="other", Body=b"y")
    role = make_role(stack, "s3:*", trusted="s3.amazonaws.com")
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration={"Role": role, "Rules": [{
        "ID": "logs", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": "logs/"},
        "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}]})
    return source, target, role


def generator(source, output=None, **filters):
    made = {"SourceBucket": f"arn:aws:s3:::{source}", "EnableManifestOutput": output is not None,
            "Filter": {"EligibleForReplication": True} | filters}
    if output:
        made["ManifestOutputLocation"] = {"Bucket": f"arn:aws:s3:::{output}", "ManifestPrefix": "lists",
                                          "ManifestFormat": "S3InventoryReport_CSV_20211130"}
    return {"S3JobManifestGenerator": made}


def test_existing_objects_are_replicated(stack, s3, control, bucket):
    source, target, _ = replicated(stack, s3)
    role = make_role(stack, "s3:InitiateReplication", "s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration",
                     "s3:PutObject", "s3:GetObject")
    assert "ReplicationStatus" not in s3.head_object(Bucket=source, Key="logs/3")
    job = create(control, role, {"S3ReplicateObject": {}}, Report=report(bucket),
                 ManifestGenerator=generator(source, bucket, ObjectReplicationStatuses=["NONE", "FAILED"]))
    found = until(control, job, "Complete")
    assert found["ProgressSummary"]["NumberOfTasksSucceeded"] == found["ProgressSummary"]["TotalNumberOfTasks"] == 5
    for number in range(5):
        here, there = (s3.get_object(Bucket=name, Key=f"logs/{number}") for name in (source, target))
        assert here["ReplicationStatus"] == "COMPLETED" and there["ReplicationStatus"] == "REPLICA"
        assert here["VersionId"] == there["VersionId"] and there["Body"].read() == b"x" * (number + 1)
    assert s3.list_objects_v2(Bucket=target)["KeyCount"] == 5
    assert len(read_report(s3, bucket, job)["succeeded"]) == 5
    arn = found["GeneratedManifestDescriptor"]["Location"]["ObjectArn"]
    index = json.loads(s3.get_object(Bucket=bucket, Key=arn.split("/", 1)[1])["Body"].read())
    rows = gzip.decompress(s3.get_object(Bucket=bucket, Key=index["files"][0]["key"])["Body"].read()).decode()
    assert len(rows.splitlines()) == 5 and rows.startswith(f"{source},logs/0,")
    # Nothing is left that was not replicated, and what was made by the list is a list for another job.
    again = create(control, role, {"S3ReplicateObject": {}},
                   ManifestGenerator=generator(source, ObjectReplicationStatuses=["NONE", "FAILED"]))
    assert until(control, again, "Complete")["ProgressSummary"]["TotalNumberOfTasks"] == 0
    inventory = create(control, make_role(stack, "s3:*"), {"S3PutObjectTagging": {"TagSet": [
        {"Key": "seen", "Value": "yes"}]}}, Manifest={
            "Spec": {"Format": "S3InventoryReport_CSV_20161130"}, "Location": {
                "ObjectArn": arn, "ETag": found["GeneratedManifestDescriptor"]["Location"]["ETag"]}})
    assert until(control, inventory, "Complete")["ProgressSummary"]["NumberOfTasksSucceeded"] == 5
    assert s3.get_object_tagging(Bucket=source, Key="logs/2")["TagSet"] == [{"Key": "seen", "Value": "yes"}]


def test_replicas_that_were_lost_and_versions_that_failed_are_brought_again(stack, s3, control, bucket):
    source, target, _ = replicated(stack, s3)
    role = make_role(stack, "s3:*")
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "s3:ReplicateObject", "Resource": f"arn:aws:s3:::{target}/*"}}))
    all_of_them = {"ManifestGenerator": generator(source), "Report": report(bucket)}
    job = create(control, role, {"S3ReplicateObject": {}}, **all_of_them)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 5
    assert s3.head_object(Bucket=source, Key="logs/1")["ReplicationStatus"] == "FAILED"
    assert {tuple(row[3:6]) for row in read_report(s3, bucket, job)["failed"]} == {
        ("failed", "400", "DstPutObjectNotPermitted")}
    s3.delete_bucket_policy(Bucket=target)
    job = create(control, role, {"S3ReplicateObject": {}},
                 ManifestGenerator=generator(source, ObjectReplicationStatuses=["FAILED"]))
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksSucceeded"] == 5
    assert s3.head_object(Bucket=source, Key="logs/1")["ReplicationStatus"] == "COMPLETED"
    lost = s3.head_object(Bucket=target, Key="logs/4")["VersionId"]
    s3.delete_object(Bucket=target, Key="logs/4", VersionId=lost)
    job = create(control, role, {"S3ReplicateObject": {}}, Manifest=put_manifest(
        s3, source, [["logs/4", lost], ["other", ""]], ("Bucket", "Key", "VersionId")))
    summary = until(control, job, "Complete")["ProgressSummary"]
    assert (summary["NumberOfTasksSucceeded"], summary["NumberOfTasksFailed"]) == (1, 1)
    assert s3.head_object(Bucket=target, Key="logs/4")["VersionId"] == lost


def test_tasks_that_wait_for_a_bucket_that_is_deleted_fail(stack, s3, control, bucket):
    source, target, _ = replicated(stack, s3)
    # Refused for now, so that the tasks wait.
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "s3:ReplicateObject", "Resource": f"arn:aws:s3:::{target}/*"}}))
    job = create(control, make_role(stack, "s3:*"), {"S3ReplicateObject": {}}, Report=report(bucket),
                 Manifest=put_manifest(s3, source, [[f"logs/{number}"] for number in range(5)]))
    eventually(lambda: all(s3.head_object(Bucket=source, Key=f"logs/{number}").get("ReplicationStatus") == "PENDING"
                           for number in range(5)))
    for version in s3.list_object_versions(Bucket=source)["Versions"]:
        s3.delete_object(Bucket=source, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=source)
    assert until(control, job, "Complete")["ProgressSummary"]["NumberOfTasksFailed"] == 5
    rows = read_report(s3, bucket, job)["failed"]
    assert len(rows) == 5 and {tuple(row[3:6]) for row in rows} <= {
        ("failed", "404", "NoSuchBucket"), ("failed", "404", "NoSuchVersion")}


def cyclic(data, polynomial, size):
    """A cyclic redundancy check by the book, of a reflected polynomial."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    sum = ones = (1 << 8 * size) - 1
    for byte in data:
        sum = sum >> 8 ^ table[(sum ^ byte) & 255]
    return (sum ^ ones).to_bytes(size, "big")


def checksums(data):
    """Of each algorithm, the way somebody else computes it."""
    return {"CRC32": zlib.crc32(data).to_bytes(4, "big"), "CRC32C": cyclic(data, 0x82F63B78, 4),
            "CRC64NVME": cyclic(data, 0x9A6C9329AC4BC9B5, 8)} | {
                name: hashlib.new(name.lower(), data).digest() for name in ("MD5", "SHA1", "SHA256", "SHA512")} | {
                    "XXHASH64": xxhash.xxh64_digest(data), "XXHASH3": xxhash.xxh3_64_digest(data),
                    "XXHASH128": xxhash.xxh3_128_digest(data)}


def test_checksums_are_computed_of_what_is_stored(stack, s3, control, bucket):
    role = make_role(stack, "s3:GetObject", "s3:PutObject")
    parts = [bytes(index % 251 for index in range((5 << 20) + 3)), b"the end"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    done = [s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=number, Body=part)["ETag"]
            for number, part in enumerate(parts, 1)]
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(done, 1)]})
    customer = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    s3.put_object(Bucket=bucket, Key="sealed", Body=b"for one alone", **customer)
    s3.put_object(Bucket=bucket, Key="cold", Body=b"archived", StorageClass="DEEP_ARCHIVE")
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    bodies = {"parts": b"".join(parts), "cold": b"archived", "empty": b""}
    manifest = put_manifest(s3, bucket, [[key] for key in [*bodies, "sealed", "missing"]])
    etags = {key: s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"') for key in bodies}
    sums = {key: checksums(body) for key, body in bodies.items()}
    of_each = [checksums(part) for part in parts]
    for algorithm in sums["parts"]:
        job = create(control, role, {"S3ComputeObjectChecksum": {"ChecksumAlgorithm": algorithm}}, Manifest=manifest,
                     Report=report(bucket))
        until(control, job, "Complete")
        rows = read_report(s3, bucket, job)
        found = {row[1]: json.loads(row[6]) for row in rows["succeeded"]}
        assert found == {key: {
            "checksum_base64": base64.b64encode(sums[key][algorithm]).decode(), "etag": etags[key],
            "checksumAlgorithm": algorithm, "checksumType": "FULL_OBJECT",
            "checksum_hex": sums[key][algorithm].hex().upper()} for key in bodies}, algorithm
        assert {row[1]: (row[4], row[5]) for row in rows["failed"]} == {
            "sealed": ("400", "InvalidRequest"), "missing": ("403", "AccessDenied")}
        if algorithm == "CRC64NVME":
            continue
        job = create(control, role, {"S3ComputeObjectChecksum": {
            "ChecksumAlgorithm": algorithm, "ChecksumType": "COMPOSITE"}}, Manifest=manifest, Report=report(bucket))
        until(control, job, "Complete")
        rows = read_report(s3, bucket, job)
        # A checksum of checksums is there only where there are parts.
        assert {row[1] for row in rows["failed"]} == {"cold", "empty", "sealed", "missing"}
        of_parts = checksums(b"".join(part[algorithm] for part in of_each))[algorithm]
        told = json.loads(rows["succeeded"][0][6])
        assert told["checksum_base64"] == f"{base64.b64encode(of_parts).decode()}-2", algorithm
        assert told["checksumType"] == "COMPOSITE"


def test_what_checksum_jobs_read_stands_in_access_logs(stack, s3, control, bucket):
    logs = f"logs-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=logs)
    s3.put_bucket_policy(Bucket=logs, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{logs}/*"}]}))
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "log/"}})
    s3.put_object(Bucket=bucket, Key="logged one", Body=b"x" * 1000)
    role = make_role(stack, "s3:GetObject")
    manifest = put_manifest(s3, bucket, [["logged one"], ["missing"]])
    job = create(control, role, {"S3ComputeObjectChecksum": {"ChecksumAlgorithm": "XXHASH128"}}, Manifest=manifest)
    until(control, job, "Complete")

    def lines():
        found = [line for item in s3.list_objects_v2(Bucket=logs).get("Contents", [])
                 for line in s3.get_object(Bucket=logs, Key=item["Key"])["Body"].read().decode().splitlines()
                 if f" {job} S3.COMPUTE.OBJECT.CHECKSUM " in line]
        return found if len(found) == 2 else None
    done, failed = sorted(eventually(lines), key=lambda line: "missing" in line)
    assert ' logged%20one "-" 200 - - 1000 ' in done and f":assumed-role/{role.split('/')[-1]}/" in done
    assert ' "-" 403 AccessDenied ' in failed
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


def test_a_function_does_each_task(stack, s3, control, bucket):
    for key in ("good", "bad", "odd"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    source = textwrap.dedent("""
        def handler(event, context):
            assert event["invocationSchemaVersion"] == "2.0" and event["job"]["userArguments"] == {"who": "me"}
            task = event["tasks"][0]
            if task["s3Key"] == "odd":
                raise ValueError("odd")
            return {"invocationSchemaVersion": "2.0", "treatMissingKeysAs": "PermanentFailure",
                    "invocationId": event["invocationId"], "results": [{
                        "taskId": task["taskId"],
                        "resultCode": "Succeeded" if task["s3Key"] == "good" else "PermanentFailure",
                        "resultString": task["s3Bucket"] + "/" + task["s3Key"]}]}
    """)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.py", source)
    functions, name = stack.client("lambda"), f"batch-{uuid.uuid4().hex[:8]}"
    arn = functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="index.handler", Code={"ZipFile": package.getvalue()},
        Role=make_role(stack, "logs:*", trusted="lambda.amazonaws.com"))["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    job = create(control, make_role(stack, "s3:GetObject", "s3:PutObject", "lambda:InvokeFunction"), {"LambdaInvoke": {
        "FunctionArn": arn, "InvocationSchemaVersion": "2.0", "UserArguments": {"who": "me"}}},
        Manifest=put_manifest(s3, bucket, [["good"], ["bad"], ["odd"]]), Report=report(bucket))
    summary = until(control, job, "Complete")["ProgressSummary"]
    assert (summary["NumberOfTasksSucceeded"], summary["NumberOfTasksFailed"]) == (1, 2)
    rows = read_report(s3, bucket, job)
    assert rows["succeeded"][0][6] == f"{bucket}/good"
    assert {row[1]: row[5] for row in rows["failed"]} == {"bad": "PermanentFailure", "odd": "PermanentFailure"}
    assert "odd" in next(row for row in rows["failed"] if row[1] == "odd")[6]


def test_a_job_survives_the_death_of_the_service(stack, s3, control, bucket):
    if stack.external and not stack.composed:
        pytest.skip("cannot kill it")
    role = make_role(stack, "s3:*")
    keys = [f"k-{number:03}" for number in range(300)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    job = create(control, role, {"S3PutObjectTagging": {"TagSet": [{"Key": "k", "Value": "v"}]}},
                 Manifest=put_manifest(s3, bucket, [[key] for key in keys]), Report=report(bucket))
    for _ in range(3):
        stack.kill("apus-objects")
        eventually(lambda: s3.list_buckets()["Buckets"])
    summary = until(control, job, "Complete")["ProgressSummary"]
    assert (summary["TotalNumberOfTasks"], summary["NumberOfTasksSucceeded"], summary["NumberOfTasksFailed"]) == (300, 300, 0)
    rows = read_report(s3, bucket, job)["succeeded"]
    assert sorted(row[1] for row in rows) == keys
    assert all(s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] for key in (keys[0], keys[150], keys[-1]))


def test_the_command_line_makes_jobs_too(stack, s3, control, bucket):
    """In a process of its own, where the account goes before the name of the endpoint as well."""
    role = make_role(stack, "s3:*")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    manifest = put_manifest(s3, bucket, [["a"]])
    # The resolver of this test, for a child: names under localhost are this machine.
    site = f"import socket\nreal = socket.getaddrinfo\n" \
           f"socket.getaddrinfo = lambda host, *more, **named: real(" \
           f"'127.0.0.1' if str(host).endswith('localhost') else host, *more, **named)\n" \
           f"import awscli.clidriver, sys\nsys.exit(awscli.clidriver.main())\n"

    def aws(*words):
        done = subprocess.run(
            [sys.executable, "-c", site, "s3control", *words, "--account-id", ACCOUNT, "--output", "json",
             "--endpoint-url", stack.endpoint.replace("127.0.0.1", "localhost")], capture_output=True, text=True,
            env=stack.aws_environment(), timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    pytest.importorskip("awscli")
    job = aws("create-job", "--operation", json.dumps({"S3PutObjectTagging": {"TagSet": [{"Key": "k", "Value": "v"}]}}),
              "--manifest", json.dumps(manifest), "--report", json.dumps({"Enabled": False}), "--priority", "5",
              "--role-arn", role, "--client-request-token", uuid.uuid4().hex, "--confirmation-required")["JobId"]
    until(control, job, "Suspended")
    assert aws("update-job-priority", "--job-id", job, "--priority", "6")["Priority"] == 6
    assert aws("update-job-status", "--job-id", job, "--requested-job-status", "Ready")["Status"] == "Ready"
    until(control, job, "Complete")
    assert aws("describe-job", "--job-id", job)["Job"]["ProgressSummary"]["NumberOfTasksSucceeded"] == 1
    assert job in {one["JobId"] for one in aws("list-jobs")["Jobs"]}
