"""Websites under names of their own: the bucket bears the domain's name, and DNS leads it here."""

import json
import uuid

import pytest
import requests


@pytest.fixture(scope="module")
def domain(stack):
    s3, name = stack.client("s3"), f"www.{uuid.uuid4().hex[:8]}.example"
    s3.create_bucket(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}]}))
    s3.put_bucket_website(Bucket=name, WebsiteConfiguration={
        "IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "lost.html"}})
    for key, text in {"index.html": "home", "lost.html": "lost", "blog/index.html": "blog"}.items():
        s3.put_object(Bucket=name, Key=key, Body=text.encode(), ContentType="text/html")
    return name


def visit(stack, host, path="/", **more):
    return requests.get(stack.endpoint + path, headers={"Host": host}, allow_redirects=False, timeout=30, **more)


def test_the_host_names_the_bucket(stack, domain):
    assert visit(stack, domain).text == "home"
    assert visit(stack, domain.upper() + ":8080").text == "home"
    assert visit(stack, domain, "/blog/").text == "blog"
    forgotten = visit(stack, domain, "/blog")
    assert (forgotten.status_code, forgotten.headers["Location"]) == (302, "/blog/")
    missing = visit(stack, domain, "/nothing")
    # Whether the key is missing is for those to know who may list the bucket.
    assert (missing.status_code, missing.text) == (403, "lost")
    head = requests.head(stack.endpoint + "/", headers={"Host": domain}, timeout=30)
    assert (head.status_code, head.headers["Content-Length"]) == (200, "4")


def test_other_names_are_the_stack_itself(stack, domain):
    """A name in a local network is an endpoint like any other."""
    assert visit(stack, "apus.office.example", f"/{domain}/index.html").text == "home"
    listing = visit(stack, "apus.office.example")
    assert listing.status_code == 403 and "<Code>AccessDenied</Code>" in listing.text
    assert visit(stack, "127.0.0.1").status_code == 403


def test_a_bucket_without_a_website_has_none_under_its_name(stack):
    name = f"plain.{uuid.uuid4().hex[:8]}.example"
    stack.client("s3").create_bucket(Bucket=name)
    answer = visit(stack, name)
    assert answer.status_code == 403 and "<Code>AccessDenied</Code>" in answer.text
