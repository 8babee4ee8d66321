"""What a signature protects: presigned addresses, bodies in chunks, and time."""

import datetime
import io
import uuid

import botocore
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
import requests
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def bucket(stack):
    name = f"signed-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name)
    stack.client("s3").put_object(Bucket=name, Key="a b+c/ü.txt", Body=b"hello")
    return name


def presigned(stack, bucket, method="get_object", key="a b+c/ü.txt", seconds=60, **more):
    s3 = stack.client("s3", signature_version="s3v4")
    return s3.generate_presigned_url(method, Params={"Bucket": bucket, "Key": key} | more, ExpiresIn=seconds)


def test_a_presigned_address_works_for_its_method_and_key(stack, bucket):
    url = presigned(stack, bucket)
    assert requests.get(url).content == b"hello"
    refused = requests.put(url, data=b"x")
    assert refused.status_code == 403 and "<Code>SignatureDoesNotMatch</Code>" in refused.text
    assert "<StringToSign>AWS4-HMAC-SHA256" in refused.text and "<CanonicalRequest>PUT" in refused.text
    altered = requests.get(url.replace("a%20b", "b%20b"))
    assert altered.status_code == 403 and "SignatureDoesNotMatch" in altered.text
    more = requests.get(url + "&response-content-type=text/html")
    assert more.status_code == 403 and "SignatureDoesNotMatch" in more.text


def test_a_presigned_upload_takes_a_body(stack, bucket):
    url = presigned(stack, bucket, "put_object", "up", ContentType="text/plain")
    assert requests.put(url, data=b"data", headers={"Content-Type": "text/plain"}).status_code == 200
    assert requests.put(url, data=b"data", headers={"Content-Type": "text/html"}).status_code == 403
    assert requests.get(presigned(stack, bucket, key="up")).content == b"data"


def test_a_presigned_address_says_when_it_is_malformed(stack, bucket):
    url = presigned(stack, bucket)
    assert "X-Amz-Expires must be less than a week" in requests.get(
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=999999")).text
    assert "AuthorizationQueryParametersError" in requests.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=x")).text


def signed(stack, service, when, body=b"{}", path="/", secret=None):
    """A request signed at another time than now."""
    request = botocore.awsrequest.AWSRequest(
        "POST", stack.endpoint + path, data=body,
        headers={"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"})
    credentials = botocore.credentials.Credentials(stack.key, secret or stack.secret)
    real = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *arguments, **keywords: when
    try:
        botocore.auth.SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    finally:
        botocore.auth.get_current_datetime = real
    return dict(request.headers), body


def test_a_replay_outside_15_minutes_is_refused(stack):
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    headers, body = signed(stack, "dynamodb", now - datetime.timedelta(minutes=14))
    assert requests.post(stack.endpoint, headers=headers, data=body).status_code == 200
    headers, body = signed(stack, "dynamodb", now - datetime.timedelta(minutes=16))
    late = requests.post(stack.endpoint, headers=headers, data=body)
    assert late.status_code == 400 and "InvalidSignatureException" in late.text
    assert "Signature expired: " in late.text
    headers, body = signed(stack, "dynamodb", now + datetime.timedelta(minutes=16))
    early = requests.post(stack.endpoint, headers=headers, data=body)
    assert early.status_code == 400 and "Signature not yet current: " in early.text


def test_an_altered_body_or_header_is_refused(stack):
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    headers, body = signed(stack, "dynamodb", now)
    altered = requests.post(stack.endpoint, headers=headers, data=b'{"Limit":1}')
    assert altered.status_code == 400 and "InvalidSignatureException" in altered.text
    headers["X-Amz-Target"] = "DynamoDB_20120810.DescribeLimits"
    altered = requests.post(stack.endpoint, headers=headers, data=body)
    assert altered.status_code == 400 and "InvalidSignatureException" in altered.text


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_bodies_of_every_size_arrive_with_their_checksum(stack, bucket, algorithm, size):
    body = bytes(index & 255 for index in range(size))
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="sized", Body=io.BytesIO(body), ChecksumAlgorithm=algorithm)
    assert s3.get_object(Bucket=bucket, Key="sized")["Body"].read() == body


def test_a_wrong_checksum_is_refused(stack, bucket):
    with pytest.raises(ClientError) as refusal:
        stack.client("s3").put_object(Bucket=bucket, Key="bad", Body=b"hello", ChecksumCRC32="AAAAAA==")
    assert refusal.value.response["Error"]["Code"] in ("BadDigest", "InvalidRequest")


def test_chunked_bodies_with_a_trailer_are_verified(stack, bucket):
    """What SDKs send over HTTPS: unsigned chunks and the checksum behind them."""

    def put(frames, checksum, length):
        request = botocore.awsrequest.AWSRequest(
            "PUT", f"{stack.endpoint}/{bucket}/chunked",
            headers={
                "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Trailer": "x-amz-checksum-crc32",
                "X-Amz-Decoded-Content-Length": str(length), "Content-Encoding": "aws-chunked",
            })

        class Auth(botocore.auth.S3SigV4Auth):
            def payload(self, request):
                return "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

        credentials = botocore.credentials.Credentials(stack.key, stack.secret)
        request.context["signing"] = {}
        Auth(credentials, "s3", "us-east-1").add_auth(request)
        headers = dict(request.headers) | {"X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
        body = frames + f"x-amz-checksum-crc32:{checksum}\r\n\r\n".encode()
        return requests.put(request.url, headers=headers, data=body)

    frames = b"6\r\nhello \r\n5\r\nworld\r\n0\r\n"
    done = put(frames, "DUoRhQ==", 11)
    assert done.status_code == 200, done.text
    assert stack.client("s3").get_object(Bucket=bucket, Key="chunked")["Body"].read() == b"hello world"
    assert "BadDigest" in put(frames, "AAAAAA==", 11).text
    assert put(frames, "DUoRhQ==", 12).status_code == 400
    assert put(b"6\nhello ", "DUoRhQ==", 11).status_code == 400
    assert stack.client("s3").get_object(Bucket=bucket, Key="chunked")["Body"].read() == b"hello world"


@pytest.mark.parametrize("service, call, arguments, refusal", [
    ("dynamodb", "get_item", {"TableName": "missing", "Key": {}}, ("MissingAuthenticationTokenException", 400)),
    ("kms", "list_keys", {}, ("MissingAuthenticationTokenException", 400)),
    ("iam", "list_users", {}, ("MissingAuthenticationToken", 403)),
    # These may be open to anybody by their policies.
    ("sqs", "list_queues", {}, ("AccessDenied", 403)),
    ("s3", "list_buckets", {}, ("AccessDenied", 403)),
])
def test_a_request_that_is_not_signed_misses_its_signature_first(stack, service, call, arguments, refusal):
    stranger = stack.client(service, signature_version=botocore.UNSIGNED)
    with pytest.raises(ClientError) as refused:
        getattr(stranger, call)(**arguments)
    response = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == refusal
