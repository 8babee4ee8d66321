"""The gateway over TLS: HTTP/2 by ALPN for those who offer it, HTTP/1.1 for the others. Through httpx and boto3."""

import asyncio
import os
import ssl
import subprocess
import tempfile

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import httpx
import pytest

from stack import Stack


@pytest.fixture(scope="module")
def secure():
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=Apus test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
             certificate],
            check=True, capture_output=True)
        stack = Stack(APUS_TLS_CERTIFICATE=certificate, APUS_TLS_KEY=key).start()
        stack.endpoint = stack.endpoint.replace("http://", "https://")
        stack.certificate = certificate
        stack.trust = ssl.create_default_context(cafile=certificate)
        yield stack
        stack.stop()


def signed(stack, operation, body):
    """A DynamoDB request as an SDK signs it."""
    request = botocore.awsrequest.AWSRequest(
        "POST", f"{stack.endpoint}/", data=body,
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
    credentials = botocore.credentials.Credentials(stack.key, stack.secret)
    botocore.auth.SigV4Auth(credentials, "dynamodb", "us-east-1").add_auth(request)
    return dict(request.headers)


def post(stack, client, operation, body):
    return client.post(f"{stack.endpoint}/", content=body, headers=signed(stack, operation, body))


@pytest.mark.parametrize("offers, expected", [(True, "HTTP/2"), (False, "HTTP/1.1")])
def test_alpn_chooses_what_the_client_offers(secure, offers, expected):
    with httpx.Client(http2=offers, verify=secure.trust) as client:
        answer = post(secure, client, "ListTables", b"{}")
    assert answer.status_code == 200 and answer.http_version == expected
    assert "TableNames" in answer.json()
    assert answer.headers["x-amzn-requestid"]


def test_a_hundred_requests_share_one_http2_connection(secure):
    async def run():
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(http2=True, verify=secure.trust, limits=limits, timeout=60) as client:
            answers = await asyncio.gather(
                *(post(secure, client, "ListTables", b'{"Limit":%d}' % (1 + number % 100)) for number in range(100)))
        return answers

    answers = asyncio.run(run())
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.http_version for answer in answers} == {"HTTP/2"}
    # Every answer is its own: no two requests share an identifier.
    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 100


def test_errors_and_bodies_over_http2(secure):
    with httpx.Client(http2=True, verify=secure.trust) as client:
        missing = post(secure, client, "DescribeTable", b'{"TableName":"nobody"}')
        assert missing.status_code == 400
        assert missing.json()["__type"].endswith("#ResourceNotFoundException")
        forged = signed(secure, "ListTables", b"{}")
        forged["Authorization"] = forged["Authorization"][:-4] + "0000"
        refused = client.post(f"{secure.endpoint}/", content=b"{}", headers=forged)
        assert refused.status_code == 400 and refused.http_version == "HTTP/2"
        assert refused.json()["__type"].endswith("#InvalidSignatureException")


def test_objects_of_a_megabyte_both_ways_over_http2(secure):
    s3 = boto3.client(
        "s3", region_name="us-east-1", endpoint_url=secure.endpoint, aws_access_key_id=secure.key,
        aws_secret_access_key=secure.secret, verify=secure.certificate,
        config=botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"}))
    s3.create_bucket(Bucket="over-http2")
    payload = os.urandom(3 << 20)
    where = {"Bucket": "over-http2", "Key": "photo"}
    with httpx.Client(http2=True, verify=secure.trust, timeout=60) as client:
        put = client.put(s3.generate_presigned_url("put_object", Params=where), content=payload)
        assert (put.status_code, put.http_version) == (200, "HTTP/2")
        got = client.get(s3.generate_presigned_url("get_object", Params=where))
        assert (got.status_code, got.http_version) == (200, "HTTP/2")
    assert got.content == payload
    # The SDK itself speaks HTTP/1.1 over the same listener.
    assert s3.get_object(**where)["Body"].read() == payload


def test_a_refusal_reaches_a_client_that_still_sends_its_body(secure):
    with httpx.Client(http2=True, verify=secure.trust) as client:
        refused = client.put(f"{secure.endpoint}/no-bucket-of-mine/photo", content=os.urandom(200_000))
        assert refused.status_code in (403, 404) and b"<Error>" in refused.content
        # The connection is good for what follows.
        assert post(secure, client, "ListTables", b"{}").status_code == 200


def test_a_client_that_does_not_know_the_authority_is_told(secure):
    with httpx.Client(http2=True) as client, pytest.raises(httpx.ConnectError):
        client.get(f"{secure.endpoint}/_apus/health")
