"""Access points and S3's control plane, as boto3 and plain HTTP reach them."""

import json
import socket
import uuid

import boto3
import botocore.config
import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from stack import eventually

ACCOUNT = "000000000000"


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Names under `localhost` are this machine (RFC 6761); not every container's resolver knows."""
    resolve = socket.getaddrinfo

    def local(host, *more, **named):
        return resolve("127.0.0.1" if str(host).endswith("localhost") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local)


def client(stack, service, key=None, secret=None):
    """A client as people configure it: SDKs put account and access point before the name of the endpoint."""
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=stack.endpoint.replace("127.0.0.1", "localhost"),
        aws_access_key_id=key or stack.key, aws_secret_access_key=secret or stack.secret,
        config=botocore.config.Config(
            signature_version="s3v4", retries={"max_attempts": 8, "mode": "standard"}, s3={"addressing_style": "path"}),
    )


@pytest.fixture
def point(stack):
    """A bucket with an object and an access point: both their names, and the access point's ARN and alias."""
    suffix = uuid.uuid4().hex[:8]
    bucket, name = f"points-{suffix}", f"ap-{suffix}"
    client(stack, "s3").create_bucket(Bucket=bucket)
    client(stack, "s3").put_object(Bucket=bucket, Key="a b/c", Body=b"hello")
    made = client(stack, "s3control").create_access_point(
        AccountId=ACCOUNT, Name=name, Bucket=bucket, Tags=[{"Key": "team", "Value": "red"}])
    return {"bucket": bucket, "name": name, "arn": made["AccessPointArn"], "alias": made["Alias"]}


@pytest.fixture
def user(stack):
    """A user without policies, and its clients' keys."""
    iam, name = stack.client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"name": name, "arn": arn, "keys": (key["AccessKeyId"], key["SecretAccessKey"])}


def code(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def policy(principal, action, *resources, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": list(resources)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | condition]})


def test_the_control_plane_answers_behind_the_accounts_host(stack, point):
    control = client(stack, "s3control")
    found = control.get_access_point(AccountId=ACCOUNT, Name=point["name"])
    assert found["Bucket"] == point["bucket"] and found["NetworkOrigin"] == "Internet"
    assert found["AccessPointArn"] == point["arn"] == f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/{point['name']}"
    assert found["Alias"] == point["alias"] and found["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True
    listed = control.list_access_points(AccountId=ACCOUNT, Bucket=point["bucket"])["AccessPointList"]
    assert [item["Name"] for item in listed] == [point["name"]]
    assert code(control.get_access_point_policy, AccountId=ACCOUNT, Name=point["name"]) == "NoSuchAccessPointPolicy"
    document = policy({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "s3:GetObject", f"{point['arn']}/object/*")
    control.put_access_point_policy(AccountId=ACCOUNT, Name=point["name"], Policy=document)
    assert control.get_access_point_policy(AccountId=ACCOUNT, Name=point["name"])["Policy"] == document
    status = control.get_access_point_policy_status(AccountId=ACCOUNT, Name=point["name"])["PolicyStatus"]
    assert status["IsPublic"] is False
    control.delete_access_point_policy(AccountId=ACCOUNT, Name=point["name"])
    tagged = dict(AccountId=ACCOUNT, ResourceArn=point["arn"])
    control.tag_resource(**tagged, Tags=[{"Key": "stage", "Value": "dev"}])
    control.untag_resource(**tagged, TagKeys=["team"])
    assert control.list_tags_for_resource(**tagged)["Tags"] == [{"Key": "stage", "Value": "dev"}]
    control.tag_resource(AccountId=ACCOUNT, ResourceArn=f"arn:aws:s3:::{point['bucket']}",
                         Tags=[{"Key": "a", "Value": "b"}])
    assert client(stack, "s3").get_bucket_tagging(Bucket=point["bucket"])["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert code(client(stack, "s3").delete_bucket, Bucket=point["bucket"]) == "BucketHasAccessPointsAttached"
    assert code(control.get_access_point, AccountId="111111111111", Name=point["name"]) == "AccessDenied"
    control.delete_access_point(AccountId=ACCOUNT, Name=point["name"])
    assert code(control.get_access_point, AccountId=ACCOUNT, Name=point["name"]) == "NoSuchAccessPoint"


@pytest.mark.parametrize("by", ["arn", "alias"])
def test_objects_are_reached_through_it(stack, point, by):
    s3, name = client(stack, "s3"), point[by]
    assert s3.get_object(Bucket=name, Key="a b/c")["Body"].read() == b"hello"
    s3.put_object(Bucket=name, Key="new", Body=b"x" * 100_000)
    assert s3.head_object(Bucket=point["bucket"], Key="new")["ContentLength"] == 100_000
    assert {item["Key"] for item in s3.list_objects_v2(Bucket=name)["Contents"]} == {"a b/c", "new"}
    s3.copy_object(Bucket=name, Key="copy", CopySource={"Bucket": name, "Key": "a b/c"})
    assert s3.get_object(Bucket=point["bucket"], Key="copy")["Body"].read() == b"hello"
    upload = s3.create_multipart_upload(Bucket=name, Key="parts")
    assert upload["Bucket"] == point["bucket"]
    part = s3.upload_part(Bucket=name, Key="parts", UploadId=upload["UploadId"], PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(Bucket=name, Key="parts", UploadId=upload["UploadId"],
                                 MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    s3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": "copy"}, {"Key": "parts"}]})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "a b/c"})
    assert requests.get(url, timeout=10).content == b"hello"
    assert code(s3.get_bucket_versioning, Bucket=name) == "MethodNotAllowed"


def test_aws_own_host_name_reaches_it(stack, point):
    host = f"{point['name']}-{ACCOUNT}.s3-accesspoint.us-east-1.amazonaws.com"
    request = AWSRequest("GET", f"http://{host}/a%20b/c", headers={"Host": host})
    S3SigV4Auth(Credentials(stack.key, stack.secret), "s3", "us-east-1").add_auth(request)
    answer = requests.get(f"{stack.endpoint}/a%20b/c", headers=dict(request.headers), timeout=10)
    assert answer.status_code == 200 and answer.content == b"hello"


def test_both_sides_have_to_allow(stack, point, user):
    control, owner, theirs = client(stack, "s3control"), client(stack, "s3"), client(stack, "s3", *user["keys"])
    read = dict(Bucket=point["arn"], Key="a b/c")
    assert code(theirs.get_object, **read) == "AccessDenied"
    control.put_access_point_policy(
        AccountId=ACCOUNT, Name=point["name"],
        Policy=policy({"AWS": user["arn"]}, "s3:GetObject", f"{point['arn']}/object/a*"))
    assert code(theirs.get_object, **read) == "AccessDenied"
    bucket = f"arn:aws:s3:::{point['bucket']}"
    owner.put_bucket_policy(Bucket=point["bucket"], Policy=policy(
        {"AWS": "*"}, "*", bucket, f"{bucket}/*",
        Condition={"StringEquals": {"s3:DataAccessPointAccount": ACCOUNT}}))
    assert theirs.get_object(**read)["Body"].read() == b"hello"
    assert code(theirs.get_object, Bucket=point["bucket"], Key="a b/c") == "AccessDenied"
    owner.put_object(Bucket=point["bucket"], Key="other", Body=b"")
    assert code(theirs.get_object, Bucket=point["arn"], Key="other") == "AccessDenied"


def test_a_vpcs_access_point_answers_nobody_here(stack, point):
    made = client(stack, "s3control").create_access_point(
        AccountId=ACCOUNT, Name=f"{point['name']}-vpc", Bucket=point["bucket"], VpcConfiguration={"VpcId": "vpc-1"})
    assert code(client(stack, "s3").get_object, Bucket=made["AccessPointArn"], Key="a b/c") == "AccessDenied"


def test_an_account_forbids_all_its_buckets_to_be_public(stack, point):
    control, s3 = client(stack, "s3control"), client(stack, "s3")
    s3.delete_public_access_block(Bucket=point["bucket"])
    s3.put_bucket_policy(Bucket=point["bucket"], Policy=policy(
        "*", "s3:GetObject", f"arn:aws:s3:::{point['bucket']}/*"))
    address = f"{stack.endpoint}/{point['bucket']}/a%20b/c"
    assert requests.get(address, timeout=10).status_code == 200
    try:
        control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True})
        assert requests.get(address, timeout=10).status_code == 403
        kept = control.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"]
        assert all(kept.values()) and len(kept) == 4
    finally:
        control.delete_public_access_block(AccountId=ACCOUNT)
    assert requests.get(address, timeout=10).status_code == 200
    assert code(control.get_public_access_block, AccountId=ACCOUNT) == "NoSuchPublicAccessBlockConfiguration"


def test_users_policies_see_the_tags_of_objects(stack, point, user):
    stack.client("iam").put_user_policy(UserName=user["name"], PolicyName="red", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringEquals": {"s3:ExistingObjectTag/team": "red"}}}]}))
    owner, theirs = client(stack, "s3"), client(stack, "s3", *user["keys"])
    assert code(theirs.get_object, Bucket=point["bucket"], Key="a b/c") == "AccessDenied"
    owner.put_object_tagging(Bucket=point["bucket"], Key="a b/c", Tagging={"TagSet": [{"Key": "team", "Value": "red"}]})
    eventually(lambda: requests.get(client(stack, "s3", *user["keys"]).generate_presigned_url(
        "get_object", Params={"Bucket": point["bucket"], "Key": "a b/c"}), timeout=10).status_code == 200)
    assert theirs.get_object(Bucket=point["arn"], Key="a b/c")["Body"].read() == b"hello"
