"""Writes to buckets."""

import io
import json
import random

from PIL import Image

from load import Drain, Writer
from stack import eventually

from .resources import make_queue


class Objects(Writer):
    """Objects small and large, whose arrival is told to a queue."""

    service = "s3"
    bucket = "objects-under-fire"

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)
        self.url, arn = make_queue(self.stack, "object-events", sender="s3.amazonaws.com")
        self.client.put_bucket_notification_configuration(Bucket=self.bucket, NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]})

    def body(self, name):
        chance = random.Random(name)
        return chance.randbytes(chance.choice([100, 5_000, 60_000, 300_000]))

    def write(self, name):
        self.insist(self.client.put_object, Bucket=self.bucket, Key=name, Body=self.body(name))

    def keys(self):
        pages = self.stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def check(self):
        keys = self.keys()
        assert not self.missing(keys)
        for key in keys:
            assert self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() == self.body(key)
        events = Drain(self, self.url)

        def told():
            events.take()
            records = [record for body in events.bodies for record in json.loads(body).get("Records", [])]
            return {record["s3"]["object"]["key"] for record in records} >= set(keys)

        eventually(told, seconds=90)


class Uploads(Writer):
    """Objects put together of parts."""

    service = "s3"
    bucket = "uploads-under-fire"
    pause = 4
    # Of the completion: the object is there, and the upload is over.
    done_before = ("NoSuchUpload",)

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)

    def parts(self, name):
        return [random.Random(name).randbytes(5 << 20), name.encode()]

    def write(self, name):
        target = {"Bucket": self.bucket, "Key": name}
        begun = self.insist(self.client.create_multipart_upload, **target, ChecksumAlgorithm="CRC32")
        upload = target | {"UploadId": begun["UploadId"]}
        parts = []
        for number, part in enumerate(self.parts(name), start=1):
            sent = self.insist(self.client.upload_part, **upload, PartNumber=number, Body=part)
            parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC32": sent["ChecksumCRC32"]})
        self.insist(self.client.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts})

    def check(self):
        keys = [entry["Key"] for entry in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        assert not self.missing(keys)
        for key in keys:
            assert self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() == b"".join(self.parts(key))


class Photos(Writer):
    """Pictures of which smaller ones are made."""

    service = "s3"
    bucket = "photos-under-fire"
    pause = 1

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)
        self.client.put_bucket_tagging(
            Bucket=self.bucket, Tagging={"TagSet": [{"Key": "apus:thumbnails", "Value": "32"}]})
        out = io.BytesIO()
        Image.radial_gradient("L").convert("RGB").save(out, "JPEG")
        self.photo = out.getvalue()

    def write(self, name):
        self.insist(
            self.client.put_object, Bucket=self.bucket, Key=f"{name}.jpg", Body=self.photo, ContentType="image/jpeg")

    def check(self):
        def thumbnails():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="thumbnails/32/")
            return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

        wanted = {f"thumbnails/32/{name}.jpg" for name in self.acknowledged}
        eventually(lambda: wanted <= thumbnails(), seconds=90)
