"""Presigned requests as boto3 makes them by default, which is Signature Version 2, and in Version 4."""

import time
import uuid

import boto3
import pytest
import requests


def clients(stack):
    arguments = dict(
        region_name="us-east-1", endpoint_url=stack.endpoint, aws_access_key_id=stack.key,
        aws_secret_access_key=stack.secret)
    return {
        "default": boto3.client("s3", **arguments),
        "v4": boto3.client("s3", config=boto3.session.Config(signature_version="s3v4"), **arguments),
    }


@pytest.fixture(params=["default", "v4"])
def s3(request, stack):
    client = clients(stack)[request.param]
    client.name = f"presigned-{uuid.uuid4().hex[:8]}"
    client.create_bucket(Bucket=client.name)
    return client


def test_what_a_link_puts_another_link_gets(s3):
    put = s3.generate_presigned_url(
        "put_object", Params={"Bucket": s3.name, "Key": "a b/ü+c", "ContentType": "text/plain", "Metadata": {"who": "me"}})
    answer = requests.put(put, data=b"hello", headers={"Content-Type": "text/plain", "x-amz-meta-who": "me"}, timeout=10)
    assert answer.status_code == 200, answer.text
    head = s3.head_object(Bucket=s3.name, Key="a b/ü+c")
    assert head["ContentType"] == "text/plain" and head["Metadata"] == {"who": "me"}
    get = s3.generate_presigned_url(
        "get_object", Params={"Bucket": s3.name, "Key": "a b/ü+c", "ResponseContentType": "text/x-other"})
    answer = requests.get(get, timeout=10)
    assert answer.content == b"hello" and answer.headers["Content-Type"] == "text/x-other"


def test_a_changed_or_late_link_is_refused(s3):
    s3.put_object(Bucket=s3.name, Key="secret", Body=b"x")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": s3.name, "Key": "secret"}, ExpiresIn=1)
    assert requests.get(link, timeout=10).status_code == 200
    assert "SignatureDoesNotMatch" in requests.get(link.replace("/secret", "/other"), timeout=10).text
    assert "SignatureDoesNotMatch" in requests.put(link, data=b"", timeout=10).text
    assert "SignatureDoesNotMatch" in requests.get(f"{link}&acl", timeout=10).text
    stranger = link.replace(s3._request_signer._credentials.access_key, "AKIDOFNOBODY")
    assert "InvalidAccessKeyId" in requests.get(stranger, timeout=10).text
    time.sleep(2.1)
    late = requests.get(link, timeout=10)
    assert late.status_code == 403 and "Request has expired" in late.text


def test_a_session_signs_links_with_its_token(stack, s3):
    session = stack.client("sts").get_session_token()["Credentials"]
    own = boto3.client(
        "s3", region_name="us-east-1", endpoint_url=stack.endpoint, aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"], aws_session_token=session["SessionToken"],
        config=s3.meta.config if s3.meta.config.signature_version == "s3v4" else None)
    s3.put_object(Bucket=s3.name, Key="k", Body=b"x")
    link = own.generate_presigned_url("get_object", Params={"Bucket": s3.name, "Key": "k"})
    assert requests.get(link, timeout=10).content == b"x"


def test_a_form_uploads(s3):
    form = s3.generate_presigned_post(s3.name, "photo", Conditions=[["content-length-range", 1, 10]])
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"pixels"}, timeout=10)
    assert answer.status_code == 204, answer.text
    assert s3.get_object(Bucket=s3.name, Key="photo")["Body"].read() == b"pixels"
    form["fields"]["signature" if "signature" in form["fields"] else "x-amz-signature"] = "AAAA"
    assert requests.post(form["url"], data=form["fields"], files={"file": b"x"}, timeout=10).status_code == 403
