"""Images that a website makes to measure: `photo.jpg?w=640&format=auto`."""

import concurrent.futures
import io
import json
import re
import struct
import subprocess
import sys
import zlib

import pillow_heif
import pytest
import requests
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from PIL import Image, ImageDraw

from stack import eventually

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def picture(width=1200, height=900):
    """Four fields of colour, so that what was cut or turned shows."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for index, colour in enumerate(["red", "green", "blue", "yellow"]):
        x, y = index % 2 * width // 2, index // 2 * height // 2
        draw.rectangle((x, y, x + width // 2, y + height // 2), fill=colour)
    return image


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out)
    return out.getvalue()


def bomb():
    """A small file that promises 20,000 × 20,000 pixels."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


class Site:
    """A public website whose bucket allows images on request."""

    def __init__(self, stack, name, tag="on"):
        self.stack, self.name, self.s3 = stack, name, stack.client("s3")
        self.s3.create_bucket(Bucket=name)
        self.s3.put_bucket_website(Bucket=name, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
        self.s3.delete_public_access_block(Bucket=name)
        self.open()
        if tag:
            self.tag(tag)

    def open(self):
        self.s3.put_bucket_policy(Bucket=self.name, Policy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": effect, "Principal": "*", "Action": "s3:GetObject",
                 "Resource": f"arn:aws:s3:::{self.name}/{keys}"}
                for effect, keys in (("Allow", "*"), ("Deny", "private/*"))
            ],
        }))

    def tag(self, value):
        self.s3.put_bucket_tagging(
            Bucket=self.name, Tagging={"TagSet": [{"Key": "apus:images", "Value": value}]})

    def put(self, key, body, content_type="image/jpeg", **more):
        self.s3.put_object(Bucket=self.name, Key=key, Body=body, ContentType=content_type, **more)

    def get(self, address, method="GET", **headers):
        host = f"{self.name}.s3-website.localhost"
        fields = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, f"{self.stack.endpoint}/{address}", headers=fields, timeout=60, allow_redirects=False)

    def image(self, address, **headers):
        answer = self.get(address, **headers)
        assert answer.status_code == 200, answer.text
        return Image.open(io.BytesIO(answer.content))


@pytest.fixture(scope="module")
def site(stack):
    site = Site(stack, "pictures-on-request")
    site.put("photo.jpg", encoded(picture(), "JPEG", quality=90), CacheControl="public, max-age=600")
    return site


def counted(stack, outcome):
    """How often images were answered this way, as `/metrics` tells it."""
    text = requests.get(f"{stack.endpoint}/metrics", timeout=10).text
    found = re.search(rf'^apus_s3_derived_images_total{{outcome="{outcome}"}} (\d+)', text, re.MULTILINE)
    return int(found.group(1)) if found else 0


SOURCES = {
    "photo.jpeg": lambda: encoded(picture(), "JPEG"),
    "photo.png": lambda: encoded(picture(), "PNG"),
    "photo.webp": lambda: encoded(picture(), "WEBP"),
    "photo.gif": lambda: encoded(picture(), "GIF"),
    "photo.avif": lambda: encoded(picture(), "AVIF"),
    "photo.heic": heic,
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_format_is_read(site, name):
    site.put(name, SOURCES[name](), "binary/octet-stream")
    image = site.image(f"{name}?w=300&format=jpeg")
    assert image.format == "JPEG" and image.size == (300, 225)
    corners = [image.getpixel(at) for at in ((10, 10), (290, 10), (10, 215), (290, 215))]
    for found, wanted in zip(corners, [(255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 0)], strict=True):
        assert all(abs(a - b) < 24 for a, b in zip(found, wanted, strict=True)), corners


@pytest.mark.parametrize(
    ("form", "kind", "content_type"),
    [("jpeg", "JPEG", "image/jpeg"), ("png", "PNG", "image/png"), ("webp", "WEBP", "image/webp"),
     ("avif", "AVIF", "image/avif"), ("gif", "GIF", "image/gif")],
)
def test_every_format_is_written(site, form, kind, content_type):
    answer = site.get(f"photo.jpg?w=200&format={form}&q=70")
    assert answer.headers["Content-Type"] == content_type
    image = Image.open(io.BytesIO(answer.content))
    assert image.format == kind and image.size == (200, 150)


def test_heic_is_written_too(site):
    answer = site.get("photo.jpg?w=200&format=heic")
    assert answer.headers["Content-Type"] == "image/heic"
    assert pillow_heif.open_heif(io.BytesIO(answer.content)).size == (200, 150)


def test_a_source_that_browsers_do_not_show_becomes_one_that_they_do(site):
    site.put("camera.heic", heic(), "image/heic")
    assert site.image("camera.heic?w=100").format == "JPEG"
    site.put("drawing.png", encoded(picture().convert("RGBA"), "PNG"), "image/png")
    assert site.image("drawing.png?w=100").format == "PNG"


@pytest.mark.parametrize(
    ("fit", "size"),
    [("contain", (400, 400)), ("cover", (400, 400)), ("fill", (400, 400)), ("inside", (400, 300)), ("outside", (533, 400))],
)
def test_fits_are_those_of_sharp(site, fit, size):
    assert site.image(f"photo.jpg?w=400&h=400&fit={fit}").size == size


def test_nothing_is_enlarged(site):
    site.put("small.png", encoded(picture(60, 40), "PNG"), "image/png")
    assert site.image("small.png?w=600").size == (60, 40)
    assert site.image("small.png?w=600&h=600&fit=cover").size == (60, 40)


def test_a_picture_is_turned_as_the_camera_was_held_and_says_nothing_of_it(site):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of somebody"
    site.put("upright.jpg", encoded(picture(), "JPEG", exif=exif))
    answer = site.get("upright.jpg?w=90")
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (90, 120) and not image.getexif() and b"somebody" not in answer.content


def test_auto_answers_the_best_that_the_browser_names(site):
    for accept, form in [(CHROME, "AVIF"), ("image/webp,*/*", "WEBP"), ("*/*", "JPEG")]:
        answer = site.get("photo.jpg?w=120&format=auto", Accept=accept)
        assert Image.open(io.BytesIO(answer.content)).format == form
        assert answer.headers["Vary"] == "Accept"


def test_answers_are_cacheable_as_the_object_is(site):
    address = "photo.jpg?w=250"
    answer = site.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert answer.headers["Last-Modified"] == site.get("photo.jpg").headers["Last-Modified"]
    etag = answer.headers["ETag"]
    assert etag != site.get("photo.jpg").headers["ETag"]
    again = site.get(address, If_None_Match=etag)
    assert again.status_code == 304 and not again.content and again.headers["ETag"] == etag
    head = site.get(address, method="HEAD")
    assert head.headers["Content-Length"] == str(len(answer.content)) and not head.content
    part = site.get(address, Range="bytes=100-199")
    assert part.status_code == 206 and part.content == answer.content[100:200]
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(answer.content)}"


def test_without_the_tag_queries_are_passed_over(stack):
    site = Site(stack, "pictures-as-they-are", tag=None)
    original = encoded(picture(), "JPEG")
    site.put("photo.jpg", original)
    assert site.get("photo.jpg?w=100&format=webp").content == original
    assert site.get("photo.jpg?w=nonsense").content == original
    site.tag("on")
    assert site.image("photo.jpg?w=100&format=webp").format == "WEBP"


def test_a_bucket_bounds_what_may_be_asked(stack):
    site = Site(stack, "pictures-within-bounds", tag="w=320:640 format=auto:webp fit=inside q=40-90")
    site.put("photo.jpg", encoded(picture(), "JPEG"))
    assert site.image("photo.jpg?w=320").size == (320, 240)
    for query in ("w=321", "w=320&format=png", "w=320&fit=cover", "w=320&q=95", "w=320&h=4000", "w=1e9"):
        answer = site.get(f"photo.jpg?{query}")
        assert answer.status_code == 400 and answer.headers["x-amz-error-code"] == "InvalidArgument", query
    assert Image.open(io.BytesIO(
        site.get("photo.jpg?w=320&format=auto", Accept=CHROME).content)).format == "WEBP"


def test_only_who_may_read_the_object_gets_an_image_of_it(stack, site):
    site.put("private/photo.jpg", encoded(picture(), "JPEG"))
    for query in ("", "?w=100", "?w=nonsense"):
        assert site.get(f"private/photo.jpg{query}").status_code == 403
    assert site.get("photo.jpg?w=111").status_code == 200
    site.s3.delete_bucket_policy(Bucket=site.name)
    try:
        assert site.get("photo.jpg?w=111").status_code == 403
    finally:
        site.open()
    assert site.get("photo.jpg?w=111").status_code == 200


def test_an_image_is_always_of_the_bytes_that_are_there(site):
    site.put("turn.png", encoded(Image.new("RGB", (50, 50), "red"), "PNG"), "image/png")
    assert site.image("turn.png?w=20").convert("RGB").getpixel((5, 5)) == (255, 0, 0)
    site.put("turn.png", encoded(Image.new("RGB", (50, 50), "blue"), "PNG"), "image/png")
    assert site.image("turn.png?w=20").convert("RGB").getpixel((5, 5)) == (0, 0, 255)
    site.s3.delete_object(Bucket=site.name, Key="turn.png")
    assert site.get("turn.png?w=20").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bomb.png", bomb, "TooManyPixels"),
        ("cut.jpg", lambda: encoded(picture(), "JPEG")[:-4000], "Truncated"),
        ("cut.png", lambda: encoded(picture(), "PNG")[:-400], "Truncated"),
        ("cut.avif", lambda: encoded(picture(), "AVIF")[:-400], "NotDecoded"),
        ("page.jpg", lambda: b"<html><script>alert(1)</script></html>", "NotDecoded"),
        ("drawing.png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>',
         "NotDecoded"),
        ("document.jpg", lambda: b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF", "NotDecoded"),
        ("large.jpg", lambda: b"\xff\xd8" + b"\0" * (65 << 20), "FileTooLarge"),
    ],
)
def test_a_hostile_file_is_refused_with_its_reason_one_time_for_all(stack, site, name, content, code):
    site.put(name, content())
    for width in (100, 100, 101):
        answer = site.get(f"{name}?w={width}")
        assert answer.status_code == 422 and answer.headers["x-amz-error-code"] == code, answer.text
    assert site.image("photo.jpg?w=101").size[0] == 101


def test_what_is_hidden_behind_an_image_does_not_come_along(site):
    """A polyglot: a picture that is an archive and a page, too."""
    hidden = b"PK\x03\x04<script>alert(1)</script>\xff\xd9"
    site.put("polyglot.jpg", encoded(picture(), "JPEG") + hidden)
    answer = site.get("polyglot.jpg?w=100")
    assert answer.status_code == 200 and b"script" not in answer.content and b"PK" not in answer.content


def test_many_visitors_at_once_have_an_image_made_one_time(stack, site):
    before = counted(stack, "made")
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda _: site.get("photo.jpg?w=777&format=webp"), range(48)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert counted(stack, "made") == before + 1


def test_too_many_different_images_at_once_are_sent_away_and_served_later(site):
    def ask(width):
        return site.get(f"photo.jpg?w={width}&format=heic&q=90")

    with concurrent.futures.ThreadPoolExecutor(110) as pool:
        answers = list(pool.map(ask, range(900, 1010)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["Retry-After"] == "1" and refused.headers["x-amz-error-code"] == "SlowDown"
    assert eventually(lambda: ask(900 + statuses.index(503)).status_code == 200)


def test_images_outlive_a_crash(stack, site):
    address = "photo.jpg?w=333&format=png"
    first = site.get(address)
    stack.kill("apus-objects")
    eventually(lambda: site.get("photo.jpg").status_code == 200)
    before = counted(stack, "made")
    assert site.get(address).content == first.content
    assert counted(stack, "made") == before and counted(stack, "kept") >= 1


def test_without_the_renderer_what_is_kept_is_answered_and_the_rest_comes_later(stack, site):
    kept = site.get("photo.jpg?w=222").content
    stack.kill("apus-thumbnails")
    assert site.get("photo.jpg?w=222").content == kept
    assert eventually(lambda: site.get("photo.jpg?w=223").status_code == 200)


def presigned(s3, bucket, key, query):
    """An address whose signature covers the parameters, as any client of S3 can make one."""
    request = AWSRequest("GET", f"{s3.meta.endpoint_url}/{bucket}/{key}", params=dict([query.split("=")]))
    S3SigV4QueryAuth(s3._request_signer._credentials, "s3", "us-east-1", expires=60).add_auth(request)
    return request.url


def test_s3s_own_endpoint_makes_them_too(stack, site):
    address = f"{stack.endpoint}/{site.name}/photo.jpg"
    answer = requests.get(f"{address}?w=180&format=webp", timeout=60)
    image = Image.open(io.BytesIO(answer.content))
    assert image.format == "WEBP" and image.size == (180, 135)
    assert answer.headers["Content-Type"] == "image/webp" and answer.headers["Cache-Control"] == "public, max-age=600"
    assert answer.headers["ETag"] == site.get("photo.jpg?w=180&format=webp").headers["ETag"]
    same = requests.get(f"{address}?w=180&format=webp", headers={"If-None-Match": answer.headers["ETag"]}, timeout=60)
    assert same.status_code == 304
    head = requests.head(f"{address}?w=180&format=webp", timeout=60)
    assert head.headers["Content-Length"] == str(len(answer.content))
    part = requests.get(f"{address}?w=180&format=webp", headers={"Range": "bytes=4-9"}, timeout=60)
    assert part.status_code == 206 and part.content == answer.content[4:10]
    refused = requests.get(f"{address}?w=nonsense", timeout=60)
    assert refused.status_code == 400 and "<Code>InvalidArgument</Code>" in refused.text
    whole = requests.get(f"{address}?v=2", timeout=60)
    assert whole.content == site.s3.get_object(Bucket=site.name, Key="photo.jpg")["Body"].read()


def test_a_private_image_is_for_those_who_may_get_the_object(stack, site):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="private-pictures")
    s3.put_bucket_tagging(
        Bucket="private-pictures", Tagging={"TagSet": [{"Key": "apus:images", "Value": "w=100:200"}]})
    s3.put_object(Bucket="private-pictures", Key="photo.png", Body=encoded(picture(), "PNG"), ContentType="image/png")
    s3.put_object(Bucket="private-pictures", Key="site.css", Body=b"css", ContentType="text/css")
    assert requests.get(f"{stack.endpoint}/private-pictures/photo.png?w=100", timeout=60).status_code == 403
    answer = requests.get(presigned(s3, "private-pictures", "photo.png", "w=100"), timeout=60)
    assert Image.open(io.BytesIO(answer.content)).size == (100, 75), answer.text
    signed = presigned(s3, "private-pictures", "photo.png", "w=100")
    assert requests.get(signed.replace("w=100", "w=200"), timeout=60).status_code == 403
    assert requests.get(presigned(s3, "private-pictures", "photo.png", "w=101"), timeout=60).status_code == 400
    assert requests.get(presigned(s3, "private-pictures", "site.css", "h=abc"), timeout=60).content == b"css"


def test_an_image_of_an_object_under_a_key_is_for_those_who_may_use_the_key(stack):
    s3, kms = stack.client("s3"), stack.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="sealed-pictures")
    s3.put_bucket_tagging(Bucket="sealed-pictures", Tagging={"TagSet": [{"Key": "apus:images", "Value": "on"}]})
    s3.put_object(Bucket="sealed-pictures", Key="photo.png", Body=encoded(picture(), "PNG"), ContentType="image/png",
                  ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    address = presigned(s3, "sealed-pictures", "photo.png", "w=100")
    assert requests.get(address, timeout=60).status_code == 200
    kms.disable_key(KeyId=key)
    assert requests.get(address, timeout=60).status_code == 400
    kms.enable_key(KeyId=key)
    assert requests.get(address, timeout=60).status_code == 200


CONFINED = """
import ctypes, os, socket, sys, threading
sandbox = ctypes.CDLL(sys.argv[1], use_errno=True)
assert sandbox.apus_seccomp_compute() == 0

def refused(attempt):
    try:
        attempt()
    except PermissionError:
        return True
    return False

attempts = {
    "read a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "make a file": lambda: os.open("made", os.O_CREAT | os.O_WRONLY),
    "remove a file": lambda: os.unlink("made"),
    "list a folder": lambda: os.listdir("/"),
    "open a socket": lambda: socket.socket(),
    "make a pipe": lambda: os.pipe(),
    "fork": os.fork,
    "become another program": lambda: os.execv("/bin/true", ["true"]),
    "signal another": lambda: os.kill(os.getppid(), 0),
    "look into another": lambda: os.readlink("/proc/1/exe"),
}
ran = []
thread = threading.Thread(target=lambda: ran.append(len(bytearray(64 << 20))))
thread.start()
thread.join()
assert ran == [64 << 20]
print([name for name, attempt in attempts.items() if not refused(attempt)], flush=True)
os._exit(0)
"""


def test_a_decoder_that_is_taken_over_reaches_nothing(stack):
    if stack.external:
        pytest.skip("the filter is tried on this machine")
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, stack.binaries / "libapus-sandbox.so"], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_worker_is_confined_before_it_reads(stack):
    if stack.external:
        pytest.skip("the worker is looked at on this machine")
    worker = subprocess.Popen(
        [stack.binaries / "thumbnail-worker", "10x10,inside,png,-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        def status():
            with open(f"/proc/{worker.pid}/status", encoding="ascii") as file:
                return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)

        assert eventually(lambda: status()["Seccomp"] == "2") and status()["NoNewPrivs"] == "1"
        answer, _ = worker.communicate(encoded(picture(), "PNG"), timeout=30)
        assert worker.returncode == 0 and answer[5:].startswith(b"\x89PNG")
    finally:
        worker.kill()
