"""Python's libraries for buckets: boto3's transfers, the CRT, s3fs, obstore, MinIO's, smart_open and others."""

import asyncio
import io
import uuid

import awscrt
import boto3.s3.transfer
import pytest
from boto3.s3.transfer import TransferConfig

from conftest import bytes_of

ALGORITHMS = [
    "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_boto3_transfers(stack, bucket, tmp_path, algorithm, count):
    s3 = stack.client("s3", response_checksum_validation="when_required")
    transfer = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=6 << 20)
    for size in (0, 1, 3 << 20, (20 << 20) + 1):
        (tmp_path / "up").write_bytes(bytes_of(size, size))
        s3.upload_file(str(tmp_path / "up"), bucket, f"{size}", Config=transfer,
                       ExtraArgs={"ChecksumAlgorithm": algorithm})
        s3.download_file(bucket, f"{size}", str(tmp_path / "down"), Config=transfer,
                         ExtraArgs={"ChecksumMode": "ENABLED"})
        assert (tmp_path / "down").read_bytes() == bytes_of(size, size)
        assert f"Checksum{algorithm}" in s3.head_object(Bucket=bucket, Key=f"{size}", ChecksumMode="ENABLED")
        s3.copy({"Bucket": bucket, "Key": f"{size}"}, bucket, f"{size}.copy", Config=transfer,
                ExtraArgs={"ChecksumAlgorithm": algorithm})
        assert s3.get_object(Bucket=bucket, Key=f"{size}.copy")["Body"].read() == bytes_of(size, size)
        s3.upload_fileobj(io.BytesIO(bytes_of(size, size)), bucket, f"{size}.stream", Config=transfer,
                          ExtraArgs={"ChecksumAlgorithm": algorithm})
        back = io.BytesIO()
        s3.download_fileobj(bucket, f"{size}.stream", back, Config=transfer)
        assert back.getvalue() == bytes_of(size, size)
    count("boto3", f"{boto3.__version__} {algorithm}", transfers=20)


def test_the_crt_under_s3transfer(stack, bucket, tmp_path, count):
    """What `preferred_transfer_client="crt"` runs. boto3 itself would speak TLS only, and to its default endpoint."""
    import botocore.config
    import botocore.session
    from s3transfer import crt

    session = botocore.session.Session()
    session.set_credentials(stack.key, stack.secret)
    settings = {"region_name": "us-east-1", "endpoint_url": stack.endpoint,
                "config": botocore.config.Config(s3={"addressing_style": "path"})}
    provider = crt.BotocoreCRTCredentialsWrapper(session.get_credentials()).to_crt_credentials_provider()
    client = crt.create_s3_crt_client("us-east-1", crt_credentials_provider=provider, use_ssl=False)
    for size in (1, 5 << 20, 300 << 20):
        data = bytes_of("crt", size)
        (tmp_path / "up").write_bytes(data)
        # The file has its name once the manager is closed, which is later than the result.
        with crt.CRTTransferManager(client, crt.BotocoreCRTRequestSerializer(session, settings)) as transfers:
            transfers.upload(str(tmp_path / "up"), bucket, f"{size}").result()
            transfers.download(bucket, f"{size}", str(tmp_path / "down")).result()
        assert (tmp_path / "down").read_bytes() == data
    parts = stack.client("s3").head_object(Bucket=bucket, Key=f"{300 << 20}", PartNumber=1)["PartsCount"]
    count("awscrt under s3transfer", awscrt.__version__, megabytes=2 * 305, parts=parts)


def test_the_crt_alone(stack, bucket, tmp_path, count):
    import awscrt.auth
    import awscrt.http
    import awscrt.io
    import awscrt.s3

    bootstrap = awscrt.io.ClientBootstrap.get_or_create_static_default()
    credentials = awscrt.auth.AwsCredentialsProvider.new_static(stack.key, stack.secret)
    client = awscrt.s3.S3Client(
        bootstrap=bootstrap, region="us-east-1", part_size=8 << 20, tls_mode=awscrt.s3.S3RequestTlsMode.DISABLED,
        signing_config=awscrt.s3.create_default_s3_signing_config(
            region="us-east-1", credential_provider=credentials), enable_s3express=False)
    host = stack.endpoint.removeprefix("http://")
    data = bytes_of("alone", 50 << 20)
    kinds = {kind.name: kind for kind in awscrt.s3.S3ChecksumAlgorithm}
    assert {"SHA512", "XXHASH64", "XXHASH3", "XXHASH128"} < kinds.keys()
    for name, kind in kinds.items():
        for size in (1000, len(data)):
            (tmp_path / "up").write_bytes(data[:size])
            headers = awscrt.http.HttpHeaders([
                ("host", host), ("content-length", str(size)), ("content-type", "application/octet-stream")])
            client.make_request(
                type=awscrt.s3.S3RequestType.PUT_OBJECT,
                request=awscrt.http.HttpRequest("PUT", f"/{bucket}/{name}{size}", headers),
                send_filepath=str(tmp_path / "up"), checksum_config=awscrt.s3.S3ChecksumConfig(
                    algorithm=kind, location=awscrt.s3.S3ChecksumLocation.TRAILER)).finished_future.result(120)
            answered = []
            get = client.make_request(
                type=awscrt.s3.S3RequestType.GET_OBJECT,
                request=awscrt.http.HttpRequest(
                    "GET", f"/{bucket}/{name}{size}", awscrt.http.HttpHeaders([("host", host)])),
                recv_filepath=str(tmp_path / "down"),
                checksum_config=awscrt.s3.S3ChecksumConfig(validate_response=True),
                on_done=lambda **done: answered.append(done))
            get.finished_future.result(120)
            assert (tmp_path / "down").read_bytes() == data[:size]
    count("awscrt", awscrt.__version__, transfers=2 * 2 * len(kinds), megabytes=2 * 50 * len(kinds))


def test_mountpoints_client(stack, bucket, count):
    """What PyTorch's connector and Mountpoint read and write with: Rust over the CRT."""
    import os

    import s3torchconnectorclient
    from s3torchconnectorclient._mountpoint_s3_client import MountpointS3Client

    os.environ |= {"AWS_ACCESS_KEY_ID": stack.key, "AWS_SECRET_ACCESS_KEY": stack.secret}
    client = MountpointS3Client(
        region="us-east-1", endpoint=stack.endpoint, force_path_style=True, user_agent_prefix="judge")
    data = bytes_of("mountpoint", 40 << 20)
    out = client.put_object(bucket, "large")
    for start in range(0, len(data), 1 << 20):
        out.write(data[start:start + (1 << 20)])
    out.close()
    assert b"".join(client.get_object(bucket, "large")) == data
    assert client.head_object(bucket, "large").size == len(data)
    out = client.put_object(bucket, "small")
    out.write(b"small")
    out.close()
    client.copy_object(bucket, "small", bucket, "copied")
    keys = [info.key for page in client.list_objects(bucket) for info in page.object_info]
    assert keys == ["copied", "large", "small"]
    client.delete_object(bucket, "copied")
    count("s3torchconnectorclient", s3torchconnectorclient.__version__, megabytes=80)


def test_s3fs(stack, bucket, tmp_path, count):
    import s3fs

    fs = s3fs.S3FileSystem(key=stack.key, secret=stack.secret, endpoint_url=stack.endpoint, use_listings_cache=False)
    files = {f"{bucket}/d{n % 7}/f{n}": bytes_of(n, n * 31 % 5000) for n in range(300)}
    fs.pipe(files)
    assert fs.cat(list(files)) == files and len(fs.find(bucket)) == 300
    assert fs.cat_ranges([f"{bucket}/d1/f1", f"{bucket}/d2/f2"], [3, 5], [9, 11]) == [
        files[f"{bucket}/d1/f1"][3:9], files[f"{bucket}/d2/f2"][5:11]]
    assert sorted(fs.ls(bucket)) == [f"{bucket}/d{n}" for n in range(7)]
    assert len(fs.glob(f"{bucket}/d*/f1*")) == 111 and fs.du(bucket) == sum(map(len, files.values()))
    data = bytes_of("s3fs", 33 << 20)
    with fs.open(f"{bucket}/large", "wb", block_size=5 << 20) as file:
        for start in range(0, len(data), 3 << 20):
            file.write(data[start:start + (3 << 20)])
    with fs.open(f"{bucket}/large", "rb", block_size=1 << 20) as file:
        file.seek(20 << 20)
        assert file.read(1000) == data[20 << 20:(20 << 20) + 1000]
    with fs.open(f"{bucket}/large", "ab") as file:
        file.write(b"tail")
    assert fs.cat(f"{bucket}/large") == data + b"tail"
    with fs.open(f"{bucket}/once", "xb") as file:
        file.write(b"1")
    with pytest.raises(FileExistsError):
        with fs.open(f"{bucket}/once", "xb") as file:
            file.write(b"2")
    fs.cp(f"{bucket}/d1", f"{bucket}/c1", recursive=True)
    # It copies the folder's name too where it is told `recursive`, and then fails for it.
    copied = fs.find(f"{bucket}/c1")
    fs.mv(copied, [name.replace("/c1/", "/m1/") for name in copied])
    assert len(fs.find(f"{bucket}/m1")) == len(fs.find(f"{bucket}/d1")) and not fs.exists(f"{bucket}/c1")
    fs.get(f"{bucket}/d2", str(tmp_path / "d2"), recursive=True)
    assert (tmp_path / "d2" / "f2").read_bytes() == files[f"{bucket}/d2/f2"]
    fs.put(str(tmp_path / "d2"), f"{bucket}/p2", recursive=True)
    fs.put_tags(f"{bucket}/once", {"a": "ä"[:0] + "b"})
    assert fs.get_tags(f"{bucket}/once") == {"a": "b"}
    fs.setxattr(f"{bucket}/once", mood="fine")
    assert fs.getxattr(f"{bucket}/once", "mood") == "fine"
    fs.touch(f"{bucket}/touched")
    with pytest.raises(FileNotFoundError):
        fs.info(f"{bucket}/none")
    import urllib.request
    assert urllib.request.urlopen(fs.url(f"{bucket}/once"), timeout=10).read() == b"1"
    versioned = s3fs.S3FileSystem(key=stack.key, secret=stack.secret, endpoint_url=stack.endpoint, version_aware=True)
    versioned.make_bucket_versioned(bucket)
    for text in (b"one", b"two"):
        versioned.pipe(f"{bucket}/v", text)
    ids = [entry["VersionId"] for entry in versioned.object_version_info(f"{bucket}/v")]
    assert {versioned.open(f"{bucket}/v", version_id=id).read() for id in ids} == {b"one", b"two"}
    fs.rm(f"{bucket}/d1", recursive=True)
    assert not fs.exists(f"{bucket}/d1")
    count("s3fs", s3fs.__version__, files=len(files), megabytes=66)


def test_obstore(stack, bucket, count):
    import obstore
    from obstore.store import S3Store

    store = S3Store(bucket, endpoint=stack.endpoint, access_key_id=stack.key, secret_access_key=stack.secret,
                    region="us-east-1", virtual_hosted_style_request=False, client_options={"allow_http": True})
    files = {f"d{n % 5}/f ä+&{n}": bytes_of(n, n * 13 % 3000) for n in range(200)}

    async def everything():
        await asyncio.gather(*[obstore.put_async(store, key, data) for key, data in files.items()])
        answers = await asyncio.gather(*[obstore.get_async(store, key) for key in files])
        return [bytes(await answer.bytes_async()) for answer in answers]

    assert asyncio.run(everything()) == list(files.values())
    assert sorted(meta["path"] for page in obstore.list(store, chunk_size=50) for meta in page) == sorted(files)
    listed = obstore.list_with_delimiter(store)
    assert sorted(listed["common_prefixes"]) == [f"d{n}" for n in range(5)] and not listed["objects"]
    after = [meta["path"] for page in obstore.list(store, offset="d3/") for meta in page]
    assert sorted(after) == sorted(key for key in files if key > "d3/")
    data = bytes_of("obstore", 26 << 20)
    obstore.put(store, "large", data, use_multipart=True, chunk_size=5 << 20, max_concurrency=4)
    assert bytes(obstore.get_range(store, "large", start=9 << 20, length=70)) == data[9 << 20:(9 << 20) + 70]
    ranges = obstore.get_ranges(store, "large", starts=[0, 17 << 20], lengths=[10, 20])
    assert [bytes(part) for part in ranges] == [data[:10], data[17 << 20:(17 << 20) + 20]]
    made = obstore.put(store, "once", b"1", mode="create", attributes={"Content-Type": "text/x-cat", "mood": "fine"})
    with pytest.raises(Exception, match="(?i)already ?exists"):
        obstore.put(store, "once", b"2", mode="create")
    obstore.put(store, "once", b"2", mode={"e_tag": made["e_tag"]})
    with pytest.raises(Exception, match="(?i)precondition"):
        obstore.put(store, "once", b"3", mode={"e_tag": made["e_tag"]})
    again = obstore.get(store, "once", options={"if_none_match": '"other"'})
    assert bytes(again.bytes()) == b"2"
    obstore.copy(store, "once", "copied ü")
    obstore.rename(store, "copied ü", "renamed")
    assert obstore.head(store, "renamed")["size"] == 1
    with pytest.raises(FileNotFoundError):
        obstore.head(store, "copied ü")
    import datetime
    import urllib.request
    url = obstore.sign(store, "GET", "once", datetime.timedelta(minutes=1))
    assert urllib.request.urlopen(url, timeout=10).read() == b"2"
    with obstore.open_writer(store, "written", buffer_size=5 << 20) as out:
        for start in range(0, 12 << 20, 1 << 20):
            out.write(data[start:start + (1 << 20)])
    assert bytes(obstore.get(store, "written").bytes()) == data[:12 << 20]
    obstore.delete(store, list(files))
    assert [meta["path"] for page in obstore.list(store) for meta in page] == ["large", "once", "renamed", "written"]
    count("obstore", obstore.__version__, files=len(files), megabytes=52)


def test_minios(stack, count):
    import datetime
    import urllib.request

    import minio
    from minio import commonconfig, lifecycleconfig, retention, versioningconfig
    from minio.deleteobjects import DeleteObject

    bucket = f"judge-{uuid.uuid4().hex[:8]}"
    client = minio.Minio(
        stack.endpoint.removeprefix("http://"), access_key=stack.key, secret_key=stack.secret, secure=False,
        region="us-east-1")
    client.make_bucket(bucket, object_lock=True)
    data = bytes_of("minio", 22 << 20)
    client.put_object(bucket, "streamed ä", io.BytesIO(data), -1, part_size=5 << 20, metadata={"mood": "fine"})
    assert client.get_object(bucket, "streamed ä").read() == data
    assert client.stat_object(bucket, "streamed ä").metadata["x-amz-meta-mood"] == "fine"
    assert client.get_object(bucket, "streamed ä", offset=7, length=9).read() == data[7:16]
    client.compose_object(bucket, "composed", [commonconfig.ComposeSource(bucket, "streamed ä") for _ in range(2)])
    assert client.get_object(bucket, "composed").read() == data * 2
    client.copy_object(bucket, "copied", commonconfig.CopySource(bucket, "composed"))
    assert sorted(item.object_name for item in client.list_objects(bucket)) == ["composed", "copied", "streamed ä"]
    tags = commonconfig.Tags.new_object_tags()
    tags["a"] = "b"
    client.set_object_tags(bucket, "copied", tags)
    assert client.get_object_tags(bucket, "copied") == {"a": "b"}
    client.set_bucket_lifecycle(bucket, lifecycleconfig.LifecycleConfig([lifecycleconfig.Rule(
        commonconfig.ENABLED, rule_filter=commonconfig.Filter(prefix="old/"), rule_id="r",
        expiration=lifecycleconfig.Expiration(days=3))]))
    assert client.get_bucket_lifecycle(bucket).rules[0].expiration.days == 3
    assert client.get_bucket_versioning(bucket).status == versioningconfig.ENABLED
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    client.set_object_retention(bucket, "copied", retention.Retention(commonconfig.GOVERNANCE, until))
    assert client.get_object_retention(bucket, "copied").mode == "GOVERNANCE"
    client.enable_object_legal_hold(bucket, "copied")
    assert client.is_object_legal_hold_enabled(bucket, "copied")
    client.disable_object_legal_hold(bucket, "copied")
    assert urllib.request.urlopen(client.presigned_get_object(bucket, "copied"), timeout=10).read() == data * 2
    errors = list(client.remove_objects(bucket, [DeleteObject("composed"), DeleteObject("streamed ä")]))
    assert not errors and [item.object_name for item in client.list_objects(bucket)] == ["copied"]
    count("minio", minio.__version__, megabytes=150)


def test_smart_open(stack, bucket, count):
    import smart_open

    transport = {"client": stack.client("s3")}
    data = bytes_of("smart", 13 << 20)
    with smart_open.open(f"s3://{bucket}/large", "wb", transport_params=transport | {"min_part_size": 5 << 20}) as out:
        out.write(data)
    with smart_open.open(f"s3://{bucket}/large", "rb", transport_params=transport) as file:
        file.seek(6 << 20)
        assert file.read() == data[6 << 20:]
    with smart_open.open(f"s3://{bucket}/lines.gz", "w", transport_params=transport) as out:
        out.write("ä\nb\n")
    with smart_open.open(f"s3://{bucket}/lines.gz", transport_params=transport) as file:
        assert list(file) == ["ä\n", "b\n"]
    with smart_open.open(f"s3://{bucket}/empty", "wb", transport_params=transport):
        pass
    assert smart_open.open(f"s3://{bucket}/empty", "rb", transport_params=transport).read() == b""
    count("smart_open", smart_open.__version__, files=3)


def test_cloudpathlib(stack, bucket, tmp_path, count):
    import cloudpathlib

    client = cloudpathlib.S3Client(
        aws_access_key_id=stack.key, aws_secret_access_key=stack.secret, endpoint_url=stack.endpoint)
    root = client.CloudPath(f"s3://{bucket}/")
    for n in range(40):
        (root / f"d{n % 3}" / f"f ä{n}").write_bytes(bytes_of(n, 500))
    assert len(list(root.rglob("f*"))) == 40 and (root / "d0").is_dir() and not (root / "none").exists()
    assert (root / "d1" / "f ä1").read_bytes() == bytes_of(1, 500)
    (root / "d1" / "f ä1").rename(root / "renamed")
    (root / "renamed").copy(root / "copied")
    (root / "d2").copytree(tmp_path / "d2")
    assert len(list((tmp_path / "d2").iterdir())) == 13
    (root / "d2").rmtree()
    assert len(list(root.rglob("*"))) == 40 - 13 + 1 + 2 and (root / "copied").stat().st_size == 500
    count("cloudpathlib", cloudpathlib.__version__, files=42)


def test_django_storages(stack, bucket, count):
    import urllib.request

    import django
    import storages
    from django.conf import settings
    from django.core.files.base import ContentFile
    if not settings.configured:
        settings.configure()
    from storages.backends.s3 import S3Storage

    storage = S3Storage(
        bucket_name=bucket, access_key=stack.key, secret_key=stack.secret, endpoint_url=stack.endpoint,
        region_name="us-east-1", addressing_style="path", file_overwrite=False, signature_version="s3v4")
    name = storage.save("photos/cat ä.jpg", ContentFile(b"meow" * 3_000_000))
    other = storage.save("photos/cat ä.jpg", ContentFile(b"other"))
    assert name != other and storage.size(name) == 12_000_000 and storage.exists(name)
    assert storage.open(other).read() == b"other" and storage.listdir("photos") == ([], sorted([name[7:], other[7:]]))
    assert urllib.request.urlopen(storage.url(other), timeout=10).read() == b"other"
    with storage.open("written.txt", "w") as file:
        file.write(b"text")
    assert storage.open("written.txt").read() == b"text" and storage.get_modified_time(name)
    storage.delete(name)
    assert not storage.exists(name)
    count("django-storages", f"{storages.__version__} (Django {django.__version__})", files=3)
