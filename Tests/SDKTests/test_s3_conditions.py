"""Condition keys of bucket policies, as AWS's examples of policies use them."""

import datetime
import json
import subprocess
import uuid

import boto3
import botocore.config
import pytest
import requests
from botocore.exceptions import ClientError

from stack import Stack


@pytest.fixture
def s3(stack):
    """A client that may do everything, and a bucket of its own whose policy may let strangers in."""
    s3 = stack.client("s3", signature_version="s3v4")
    s3.bucket = f"conditions-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=s3.bucket)
    s3.delete_public_access_block(Bucket=s3.bucket)
    return s3


@pytest.fixture
def ann(stack):
    """A user who may do everything: what a bucket's policy denies is denied to root as well, but not so clearly."""
    iam = stack.client("iam")
    name = f"ann-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return stack.client("s3", key=key["AccessKeyId"], secret=key["SecretAccessKey"], signature_version="s3v4")


def policy(s3, effect, action, **conditions):
    s3.put_bucket_policy(Bucket=s3.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": effect, "Principal": "*", "Action": action,
        "Resource": [f"arn:aws:s3:::{s3.bucket}", f"arn:aws:s3:::{s3.bucket}/*"], "Condition": conditions}}))


def allows(call, **arguments):
    try:
        call(**arguments)
        return True
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error
        return False


def test_images_are_shown_on_ones_own_pages_only(stack, s3):
    s3.put_object(Bucket=s3.bucket, Key="cat.jpg", Body=b"cat")
    policy(s3, "Allow", "s3:GetObject", StringLike={"aws:Referer": ["http://www.example.com/*"]})
    address = f"{stack.endpoint}/{s3.bucket}/cat.jpg"

    def status(referer):
        return requests.get(address, headers={"Referer": referer} if referer else {}, timeout=10).status_code

    assert status("http://www.example.com/gallery") == 200
    assert status("http://thief.example.org/") == 403
    assert status(None) == 403


def test_so_are_those_of_a_website(stack, s3):
    s3.put_object(Bucket=s3.bucket, Key="cat.jpg", Body=b"cat")
    s3.put_bucket_website(Bucket=s3.bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    policy(s3, "Allow", "s3:GetObject", StringLike={"aws:Referer": ["http://www.example.com/*"]})
    host = f"{s3.bucket}.s3-website-us-east-1.amazonaws.com"

    def status(**headers):
        return requests.get(f"{stack.endpoint}/cat.jpg", headers={"Host": host} | headers, timeout=10).status_code

    assert status(Referer="http://www.example.com/") == 200
    assert status(Referer="http://thief.example.org/") == 403
    assert status() == 403


def test_presigned_links_can_be_forbidden_and_made_short(s3, ann):
    s3.put_object(Bucket=s3.bucket, Key="a", Body=b"a")
    link = ann.generate_presigned_url("get_object", Params={"Bucket": s3.bucket, "Key": "a"})
    assert requests.get(link, timeout=10).status_code == 200
    for conditions in [
        {"StringEquals": {"s3:authType": "REST-QUERY-STRING"}},
        {"StringNotEquals": {"s3:authType": "REST-HEADER"}},
        {"StringEquals": {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}},
        {"NumericGreaterThanEquals": {"s3:signatureAge": "0"}, "StringEquals": {"s3:authType": "REST-QUERY-STRING"}},
    ]:
        policy(s3, "Deny", "s3:GetObject", **conditions)
        assert requests.get(link, timeout=10).status_code == 403, conditions
        assert allows(ann.get_object, Bucket=s3.bucket, Key="a"), conditions
    policy(s3, "Deny", "s3:GetObject", NumericGreaterThan={"s3:signatureAge": "600000"})
    assert requests.get(link, timeout=10).status_code == 200
    policy(s3, "Deny", "s3:GetObject", StringEquals={"s3:signatureversion": "AWS4-HMAC-SHA256"})
    assert requests.get(link, timeout=10).status_code == 403
    old = boto3.client(
        "s3", endpoint_url=ann.meta.endpoint_url, region_name="us-east-1",
        aws_access_key_id=ann._request_signer._credentials.access_key,
        aws_secret_access_key=ann._request_signer._credentials.secret_key,
        config=botocore.config.Config(signature_version="s3", s3={"addressing_style": "path"}))
    link = old.generate_presigned_url("get_object", Params={"Bucket": s3.bucket, "Key": "a"})
    assert requests.get(link, timeout=10).status_code == 200
    policy(s3, "Deny", "s3:GetObject", StringEquals={"s3:signatureversion": "AWS"})
    assert requests.get(link, timeout=10).status_code == 403


def test_forms_can_be_asked_for(s3, ann):
    policy(s3, "Deny", "s3:PutObject", StringNotEquals={"s3:authType": "POST"})
    form = ann.generate_presigned_post(s3.bucket, "posted")
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"x"}, timeout=10)
    assert answer.status_code == 204, answer.text
    assert not allows(ann.put_object, Bucket=s3.bucket, Key="put", Body=b"x")


def test_no_write_may_replace_an_object(s3, ann):
    """As in AWS's guide to enforcing conditional writes."""
    policy(s3, "Deny", "s3:PutObject", Null={"s3:if-none-match": "true"},
           Bool={"s3:ObjectCreationOperation": "true"})
    assert not allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"1")
    assert allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"1", IfNoneMatch="*")
    upload = ann.create_multipart_upload(Bucket=s3.bucket, Key="b")["UploadId"]
    part = ann.upload_part(Bucket=s3.bucket, Key="b", UploadId=upload, PartNumber=1, Body=b"1")
    whole = {"Bucket": s3.bucket, "Key": "b", "UploadId": upload,
             "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}}
    assert not allows(ann.complete_multipart_upload, **whole)
    assert allows(ann.complete_multipart_upload, **whole, IfNoneMatch="*")
    policy(s3, "Deny", "s3:DeleteObject", Null={"s3:if-match": "true"})
    assert not allows(ann.delete_object, Bucket=s3.bucket, Key="a")
    etag = ann.head_object(Bucket=s3.bucket, Key="a")["ETag"]
    assert allows(ann.delete_object, Bucket=s3.bucket, Key="a", IfMatch=etag)


def test_storage_classes_and_redirects_can_be_refused(s3, ann):
    policy(s3, "Deny", "s3:PutObject", StringEquals={"s3:x-amz-storage-class": ["GLACIER", "DEEP_ARCHIVE"]})
    assert not allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"", StorageClass="GLACIER")
    assert not allows(ann.create_multipart_upload, Bucket=s3.bucket, Key="a", StorageClass="DEEP_ARCHIVE")
    assert allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"", StorageClass="STANDARD_IA")
    policy(s3, "Deny", "s3:PutObject", Null={"s3:x-amz-website-redirect-location": "false"})
    assert allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"")
    assert not allows(ann.put_object, Bucket=s3.bucket, Key="a", Body=b"", WebsiteRedirectLocation="/b")


def test_one_version_may_be_read_and_no_other(s3, ann):
    s3.put_bucket_versioning(Bucket=s3.bucket, VersioningConfiguration={"Status": "Enabled"})
    first, second = (s3.put_object(Bucket=s3.bucket, Key="a", Body=body)["VersionId"] for body in (b"1", b"2"))
    policy(s3, "Deny", "s3:GetObjectVersion", StringNotEquals={"s3:VersionId": first})
    assert allows(ann.get_object, Bucket=s3.bucket, Key="a", VersionId=first)
    assert not allows(ann.get_object, Bucket=s3.bucket, Key="a", VersionId=second)
    policy(s3, "Deny", "s3:DeleteObjectVersion", StringEquals={"s3:VersionId": second})
    gone = ann.delete_objects(Bucket=s3.bucket, Delete={"Objects": [
        {"Key": "a", "VersionId": first}, {"Key": "a", "VersionId": second}]})
    assert [one["VersionId"] for one in gone["Deleted"]] == [first]
    assert [one["Code"] for one in gone["Errors"]] == ["AccessDenied"]


def test_who_may_read_versions_alone_reads_them_where_lists_count(stack, s3):
    """The second look at an object that its list may let in asks for the same action as the first."""
    s3.put_bucket_versioning(Bucket=s3.bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_ownership_controls(
        Bucket=s3.bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    version = s3.put_object(Bucket=s3.bucket, Key="a", Body=b"1")["VersionId"]
    policy(s3, "Allow", "s3:GetObjectVersion", StringEquals={"s3:VersionId": version})
    answer = requests.get(f"{stack.endpoint}/{s3.bucket}/a?versionId={version}", timeout=10)
    assert answer.status_code == 200 and answer.content == b"1", answer.text


def test_retention_has_its_limits(stack, ann):
    s3 = stack.client("s3")
    s3.bucket = f"conditions-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=s3.bucket, ObjectLockEnabledForBucket=True)

    def days(count):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=count)

    actions = ["s3:PutObject", "s3:PutObjectRetention"]
    policy(s3, "Deny", actions, NumericGreaterThan={"s3:object-lock-remaining-retention-days": "10"})
    put = {"Bucket": s3.bucket, "Key": "a", "Body": b"", "ObjectLockMode": "GOVERNANCE"}
    assert allows(ann.put_object, **put, ObjectLockRetainUntilDate=days(10))
    assert not allows(ann.put_object, **put, ObjectLockRetainUntilDate=days(12))
    retention = {"Bucket": s3.bucket, "Key": "a"}
    assert not allows(ann.put_object_retention, **retention, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": days(12)})
    policy(s3, "Deny", "s3:PutObjectRetention", StringEquals={"s3:object-lock-mode": "COMPLIANCE"})
    assert not allows(ann.put_object_retention, **retention, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": days(11)})
    assert allows(ann.put_object_retention, **retention, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": days(11)})
    policy(s3, "Deny", "s3:PutObjectLegalHold", StringEquals={"s3:object-lock-legal-hold": "OFF"})
    assert allows(ann.put_object_legal_hold, **retention, LegalHold={"Status": "ON"})
    assert not allows(ann.put_object_legal_hold, **retention, LegalHold={"Status": "OFF"})


def test_accounts_and_clients_are_known(stack, s3, ann):
    account = stack.client("sts").get_caller_identity()["Account"]
    s3.put_object(Bucket=s3.bucket, Key="a", Body=b"a")
    for conditions, denied in [
        ({"StringEquals": {"s3:ResourceAccount": account}}, True),
        ({"StringNotEquals": {"s3:ResourceAccount": account}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": account}}, True),
        ({"StringLike": {"aws:UserAgent": "Boto3/*"}}, True),
        ({"Bool": {"aws:ViaAWSService": "false"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, True),
        ({"Null": {"s3:TlsVersion": "false"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, False),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
    ]:
        policy(s3, "Deny", "s3:GetObject", **conditions)
        assert allows(ann.get_object, Bucket=s3.bucket, Key="a") != denied, conditions


def test_a_users_own_policy_may_ask_for_the_tags_of_a_new_bucket(stack):
    iam = stack.client("iam")
    name = f"ben-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="tagged", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": ["s3:CreateBucket", "s3:TagResource"], "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}}}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    ben = stack.client("s3", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    bucket = f"conditions-{uuid.uuid4().hex[:8]}"
    assert not allows(ben.create_bucket, Bucket=bucket)
    assert not allows(ben.create_bucket, Bucket=bucket, CreateBucketConfiguration={
        "Tags": [{"Key": "team", "Value": "blue"}]})
    assert allows(ben.create_bucket, Bucket=bucket, CreateBucketConfiguration={
        "Tags": [{"Key": "team", "Value": "red"}]})


def test_old_versions_of_tls_can_be_refused(tmp_path):
    certificate, key = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=Apus test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
         certificate], check=True, capture_output=True)
    stack = Stack(APUS_TLS_CERTIFICATE=certificate, APUS_TLS_KEY=key).start()
    try:
        s3 = boto3.client(
            "s3", endpoint_url=stack.endpoint.replace("http://", "https://"), region_name="us-east-1",
            aws_access_key_id=stack.key, aws_secret_access_key=stack.secret, verify=certificate)
        s3.bucket = "conditions-tls"
        s3.create_bucket(Bucket=s3.bucket)
        s3.put_object(Bucket=s3.bucket, Key="a", Body=b"a")
        policy(s3, "Deny", "s3:GetObject", NumericLessThan={"s3:TlsVersion": "1.2"})
        assert allows(s3.get_object, Bucket=s3.bucket, Key="a")
        policy(s3, "Deny", "s3:GetObject", NumericLessThan={"s3:TlsVersion": "1.4"})
        assert not allows(s3.get_object, Bucket=s3.bucket, Key="a")
        policy(s3, "Deny", "s3:GetObject", Bool={"aws:SecureTransport": "false"})
        assert allows(s3.get_object, Bucket=s3.bucket, Key="a")
    finally:
        stack.stop()
