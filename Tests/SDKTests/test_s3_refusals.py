"""What S3 refuses, and with which code and status: one case for each error that no other test meets."""

import http.client
import uuid

import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def s3(stack):
    return stack.client("s3")


@pytest.fixture
def bucket(s3):
    name = f"refusals-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="plain", Body=b"one piece")
    return name


def refusal(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def raw(stack, method, path, body=b"", **headers):
    """Signed, and sent as it is: boto3 would not let it out."""
    request = AWSRequest(method, f"{stack.endpoint}{path}", data=body,
                         headers={name.replace("_", "-"): value for name, value in headers.items()})
    S3SigV4Auth(Credentials(stack.key, stack.secret), "s3", "us-east-1").add_auth(request)
    answer = requests.request(method, request.url, data=body, headers=dict(request.headers), timeout=30)
    code = answer.text.split("<Code>")[1].split("</Code>")[0] if "<Code>" in answer.text else None
    return answer.status_code, code


def test_buckets_where_they_cannot_be(stack, s3, bucket):
    europe = stack.client("s3", region_name="eu-west-1")
    name = f"refusals-{uuid.uuid4().hex[:8]}"
    here = {"LocationConstraint": "eu-west-1"}
    europe.create_bucket(Bucket=name, CreateBucketConfiguration=here)
    assert refusal(europe.create_bucket, Bucket=name, CreateBucketConfiguration=here) == (
        409, "BucketAlreadyOwnedByYou")
    # In the oldest region, and only there, it is made once more.
    s3.create_bucket(Bucket=bucket)
    assert refusal(europe.create_bucket, Bucket=f"{name}-b", CreateBucketConfiguration={
        "LocationConstraint": "us-west-2"}) == (400, "IllegalLocationConstraintException")
    assert refusal(europe.create_bucket, Bucket=f"{name}-b") == (400, "IllegalLocationConstraintException")
    assert raw(stack, "PUT", f"/{name}-c", b"<CreateBucketConfiguration><LocationConstraint>atlantis"
               b"</LocationConstraint></CreateBucketConfiguration>") == (400, "InvalidLocationConstraint")
    assert refusal(s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {
        "TargetBucket": name, "TargetPrefix": "logs/"}}) == (403, "CrossLocationLoggingProhibited")


@pytest.mark.parametrize("size", [9_000, 20_000, 60_000])
def test_header_sections_that_are_too_long(stack, bucket, size):
    # The longer ones are not read to their end.
    assert raw(stack, "GET", f"/{bucket}/plain", x_long="x" * size) == (400, "RequestHeaderSectionTooLarge")
    assert raw(stack, "GET", f"/{bucket}/plain", x_short="x" * 5_000) == (200, None)


def test_configurations_that_say_nothing_or_too_much(stack, s3, bucket):
    assert raw(stack, "PUT", f"/{bucket}?versioning", b"<VersioningConfiguration/>") == (
        400, "IllegalVersioningConfigurationException")
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    assert refusal(s3.get_bucket_ownership_controls, Bucket=bucket) == (404, "OwnershipControlsNotFoundError")
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":' \
             f'"arn:aws:s3:::{bucket}/*","Sid":"{"x" * 21000}"}}]}}'
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=policy) == (400, "PolicyTooLarge")
    for number in range(1000):
        s3.put_bucket_metrics_configuration(Bucket=bucket, Id=f"m{number}", MetricsConfiguration={"Id": f"m{number}"})
    assert refusal(s3.put_bucket_metrics_configuration, Bucket=bucket, Id="more", MetricsConfiguration={
        "Id": "more"}) == (400, "TooManyConfigurations")
    # What is there may be changed all the same.
    s3.put_bucket_metrics_configuration(Bucket=bucket, Id="m7", MetricsConfiguration={
        "Id": "m7", "Filter": {"Prefix": "logs/"}})


def test_locks_that_last_no_day_or_too_long(s3, bucket):
    locked = f"{bucket}-locked"
    s3.create_bucket(Bucket=locked, ObjectLockEnabledForBucket=True)
    for days in (0, -1, 36501):
        assert refusal(s3.put_object_lock_configuration, Bucket=locked, ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": days}}}) == (
                400, "InvalidRetentionPeriod"), days
    s3.put_object(Bucket=locked, Key="free", Body=b"x")
    assert refusal(s3.get_object_retention, Bucket=locked, Key="free") == (404, "NoSuchObjectLockConfiguration")
    assert refusal(s3.get_object_legal_hold, Bucket=locked, Key="free") == (404, "NoSuchObjectLockConfiguration")


def test_parts_conditions_and_redirects(stack, s3, bucket):
    assert refusal(s3.get_object, Bucket=bucket, Key="plain", PartNumber=2)[1] == "InvalidPartNumber"
    assert refusal(s3.head_object, Bucket=bucket, Key="plain", PartNumber=2)[0] == 416
    assert s3.get_object(Bucket=bucket, Key="plain", PartNumber=1)["Body"].read() == b"one piece"
    etag = s3.head_object(Bucket=bucket, Key="plain")["ETag"]
    assert refusal(s3.get_object, Bucket=bucket, Key="plain", IfNoneMatch=etag)[0] == 304
    assert refusal(s3.put_object, Bucket=bucket, Key="moved", WebsiteRedirectLocation="elsewhere") == (
        400, "InvalidRedirectLocation")


def test_a_list_of_rights_in_headers_and_body_at_once(stack, s3, bucket):
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    owner = s3.get_bucket_acl(Bucket=bucket)["Owner"]["ID"]
    body = ("<AccessControlPolicy><Owner><ID>{0}</ID></Owner><AccessControlList><Grant><Grantee "
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>{0}</ID></Grantee>'
            "<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>").format(owner).encode()
    assert raw(stack, "PUT", f"/{bucket}?acl", body) == (200, None)
    assert raw(stack, "PUT", f"/{bucket}?acl", body, x_amz_acl="private") == (400, "UnexpectedContent")


def test_addresses_of_websites_that_are_none(stack, s3, bucket):
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    answer = requests.get(f"{stack.endpoint}/", headers={"Host": f"{bucket}.s3-website.localhost"}, timeout=30)
    assert answer.status_code in (403, 404)
    # Half of an encoded byte, which requests would not send.
    connection = http.client.HTTPConnection(stack.endpoint.removeprefix("http://"), timeout=30)
    connection.request("GET", "/a%f", headers={"Host": f"{bucket}.s3-website.localhost"})
    answer = connection.getresponse()
    assert answer.status == 400 and b"InvalidURI" in answer.read()
    connection.close()
