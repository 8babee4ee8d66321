"""MyBlog, used as its readers and its author do."""

import io
import json
import os
import struct
import threading
import time
import uuid
import zlib

import pytest
import requests
from PIL import Image

from stack import eventually


@pytest.fixture(scope="module")
def application(stack):
    return stack.deploy("blog")


def get(url):
    """Names under localhost lead to this machine everywhere but in a resolver that does not know RFC 6761."""
    host, _, rest = url.removeprefix("http://").partition("/")
    port = host.partition(":")[2]
    return requests.get(f"http://127.0.0.1:{port}/{rest}", headers={"Host": host}, timeout=30)


def test_the_site_is_served_to_everybody(application):
    page = get(application["site"] + "/")
    assert page.status_code == 200 and "MyBlog" in page.text
    assert page.headers["Content-Type"].startswith("text/html")
    assert get(application["site"] + "/style.css").headers["Content-Type"].startswith("text/css")
    missing = get(application["site"] + "/nowhere")
    assert missing.status_code == 404 and "nothing here" in missing.text


def test_posts_are_read_through_the_api(application):
    posts = requests.get(application["api"] + "/posts", timeout=30)
    assert posts.status_code == 200, posts.text
    assert [post["title"] for post in posts.json()] == ["Hello", "On swifts", "Without feet"]
    assert requests.get(application["api"] + "/posts/2", timeout=30).json()["text"] == "On swifts!"
    assert requests.get(application["api"] + "/posts/99", timeout=30).status_code == 404
    assert requests.get(application["api"] + "/nothing", timeout=30).status_code == 403


def subscribe(application):
    address = f"{uuid.uuid4().hex[:10]}@example.com"
    answer = requests.post(application["api"] + "/subscribers", json={"email": address}, timeout=30)
    assert answer.status_code == 201, answer.text
    return address


def welcomed_once(sink, address):
    # After a kill a poller rests for five seconds at most: late is allowed, lost or twice is not.
    mail = eventually(lambda: sink.to(address), seconds=30)[0]
    assert mail["Subject"] == "Welcome to MyBlog ☀"
    assert mail["From"] == "blog@example.com"
    assert f"Dear {address}" in mail.get_content()
    time.sleep(2)
    assert len(sink.to(address)) == 1


def test_a_subscriber_is_welcomed_by_mail_exactly_once(application, sink):
    welcomed_once(sink, subscribe(application))


def records(stack, table):
    """The newest stream of a table, from its beginning."""
    dynamodb, streams = stack.client("dynamodb"), stack.client("dynamodbstreams")
    arn = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        position = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while position:
            page = streams.get_records(ShardIterator=position)
            if not page["Records"]:
                break
            yield from page["Records"]
            position = page.get("NextShardIterator")


def test_a_mail_whose_note_was_lost_is_not_sent_again(stack, application, sink):
    """As when a function is killed between the mail and its note: the stream's record comes again."""
    address = subscribe(application)
    welcomed_once(sink, address)
    row = {"TableName": "Subscribers", "Key": {"email": {"S": address}}}
    dynamodb = stack.client("dynamodb")
    eventually(lambda: "welcomed" in dynamodb.get_item(**row)["Item"])
    dynamodb.update_item(**row, UpdateExpression="REMOVE welcomed")
    again = [
        record for record in records(stack, "Subscribers")
        if record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["email"]["S"] == address
    ]
    answer = stack.client("lambda").invoke(
        FunctionName="blog-welcome", Payload=json.dumps({"Records": again}, default=str)
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
    assert "welcomed" in dynamodb.get_item(**row)["Item"]
    time.sleep(2)
    assert len(again) == 1 and len(sink.to(address)) == 1


@pytest.mark.parametrize("victim", ["apus-functions", "apus-email", "apus-tables"])
def test_the_welcome_survives_a_killed_service(stack, application, sink, victim):
    address = subscribe(application)
    assert stack.kill(victim)
    welcomed_once(sink, address)


def photograph():
    """12 megapixels with the detail of a photograph."""
    small = Image.frombytes("RGB", (1000, 750), os.urandom(1000 * 750 * 3)).resize((4000, 3000), Image.BICUBIC)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=88)
    return out.getvalue()


def bomb():
    """A small file of 20,000 × 20,000 pixels."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * 20_001) for _ in range(20_000)) + packer.flush()
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def read(s3, bucket, key):
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None


def test_a_photo_gets_its_thumbnails(stack, application):
    s3, bucket = stack.client("s3"), application["photos"]
    s3.put_object(Bucket=bucket, Key="holiday/sea.jpg", Body=photograph(), ContentType="image/jpeg")
    for edge in (256, 1024):
        thumbnail = eventually(lambda: read(s3, bucket, f"thumbnails/{edge}/holiday/sea.jpg"), seconds=60)
        assert Image.open(io.BytesIO(thumbnail)).size == (edge, edge * 3 // 4)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("bomb.png", bomb, "TooManyPixels"),
        ("cut.jpg", lambda: photograph()[:400_000], "Truncated"),
        ("noise.jpg", lambda: os.urandom(100_000), "NotDecoded"),
    ],
)
def test_a_hostile_file_gets_a_clear_error_and_harms_nothing(stack, application, name, content, error):
    s3, bucket = stack.client("s3"), application["photos"]
    s3.put_object(Bucket=bucket, Key=name, Body=content())
    report = json.loads(eventually(lambda: read(s3, bucket, f"thumbnails/errors/{name}.json"), seconds=60))
    assert report["error"] == error and report["key"] == name
    s3.put_object(Bucket=bucket, Key=f"after-{name}.jpg", Body=photograph(), ContentType="image/jpeg")
    assert eventually(lambda: read(s3, bucket, f"thumbnails/256/after-{name}.jpg"), seconds=60)
