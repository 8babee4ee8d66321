"""Clients of S3 that others wrote, unmodified: s3cmd, s3fs and obstore. Tests/Judges runs more, for longer."""

import asyncio
import hashlib
import pathlib
import subprocess
import sys
import uuid

import obstore
import pytest
import s3fs
from obstore.store import S3Store


@pytest.fixture
def bucket(stack):
    name = f"clients-{uuid.uuid4().hex[:8]}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


def bytes_of(seed, size):
    return hashlib.shake_128(str(seed).encode()).digest(size)


def tree(folder):
    """Files of all sizes up to 4 KB; some have names that are hard to sign."""
    names = ["with space", "plus+and&", "ümlaut", "日本語", "per%cent", "quote'\"", "hash#", "question?", "(a)[b]", "@=,;"]
    for index in range(60):
        path = folder / f"d{index % 4}" / f"{names[index % len(names)]}-{index}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes_of(index, index * 71 % 4096))
    return contents(folder)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def s3cmd(stack, tmp_path):
    host = stack.endpoint.split("://")[1]
    config = tmp_path / "s3cfg"
    config.write_text(
        f"[default]\naccess_key = {stack.key}\nsecret_key = {stack.secret}\nhost_base = {host}\nhost_bucket = {host}\n"
        f"use_https = {stack.endpoint.startswith('https')}\nbucket_location = us-east-1\n")
    program = pathlib.Path(sys.executable).parent / "s3cmd"

    def run(*arguments):
        done = subprocess.run(
            [program, "-c", config, "--no-progress", *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return run


def test_s3cmd_keeps_a_tree_in_step(s3cmd, bucket, tmp_path):
    remote, local = f"s3://{bucket}", tmp_path / "tree"
    files = tree(local)
    s3cmd("sync", f"{local}/", f"{remote}/tree/")
    s3cmd("sync", f"{remote}/tree/", f"{tmp_path}/back/")
    assert contents(tmp_path / "back") == files
    next(iter((local / "d0").iterdir())).unlink()
    (local / "new").write_text("new")
    s3cmd("sync", "--delete-removed", f"{local}/", f"{remote}/tree/")
    assert len(s3cmd("ls", "--recursive", f"{remote}/tree/").splitlines()) == len(files)
    large = tmp_path / "large"
    large.write_bytes(bytes_of("large", 11 << 20))
    s3cmd("put", "--multipart-chunk-size-mb=5", large, f"{remote}/large")
    s3cmd("cp", "--acl-private", f"{remote}/large", f"{remote}/copied")
    s3cmd("get", f"{remote}/copied", tmp_path / "large.back")
    assert (tmp_path / "large.back").read_bytes() == large.read_bytes()
    s3cmd("rb", "--recursive", "--force", remote)


def test_s3fs_reads_and_writes_as_if_it_were_a_folder(stack, bucket):
    fs = s3fs.S3FileSystem(key=stack.key, secret=stack.secret, endpoint_url=stack.endpoint, use_listings_cache=False)
    files = {f"{bucket}/d{n % 5}/f{n}": bytes_of(n, n * 31 % 5000) for n in range(100)}
    fs.pipe(files)
    assert fs.cat(list(files)) == files and len(fs.find(bucket)) == 100
    assert sorted(fs.ls(bucket)) == [f"{bucket}/d{n}" for n in range(5)]
    assert fs.du(bucket) == sum(map(len, files.values()))
    data = bytes_of("s3fs", 12 << 20)
    with fs.open(f"{bucket}/large", "wb", block_size=5 << 20) as file:
        for start in range(0, len(data), 3 << 20):
            file.write(data[start:start + (3 << 20)])
    with fs.open(f"{bucket}/large", "ab") as file:
        file.write(b"tail")
    with fs.open(f"{bucket}/large", "rb", block_size=1 << 20) as file:
        file.seek(-1000, 2)
        assert file.read() == (data + b"tail")[-1000:]
    with fs.open(f"{bucket}/once", "xb") as file:
        file.write(b"1")
    with pytest.raises(FileExistsError):
        with fs.open(f"{bucket}/once", "xb") as file:
            file.write(b"2")
    fs.rm(f"{bucket}/d1", recursive=True)
    assert not fs.exists(f"{bucket}/d1") and len(fs.find(bucket)) == 82


def test_obstore_writes_only_what_it_read(stack, bucket):
    store = S3Store(bucket, endpoint=stack.endpoint, access_key_id=stack.key, secret_access_key=stack.secret,
                    region="us-east-1", virtual_hosted_style_request=False, client_options={"allow_http": True})
    files = {f"d{n % 5}/f ä+&{n}": bytes_of(n, n * 13 % 3000) for n in range(100)}

    async def everything():
        await asyncio.gather(*[obstore.put_async(store, key, data) for key, data in files.items()])
        answers = await asyncio.gather(*[obstore.get_async(store, key) for key in files])
        return [bytes(await answer.bytes_async()) for answer in answers]

    assert asyncio.run(everything()) == list(files.values())
    assert sorted(meta["path"] for page in obstore.list(store, chunk_size=30) for meta in page) == sorted(files)
    data = bytes_of("obstore", 11 << 20)
    obstore.put(store, "large", data, use_multipart=True, chunk_size=5 << 20)
    ranges = obstore.get_ranges(store, "large", starts=[0, 9 << 20], lengths=[10, 20])
    assert [bytes(part) for part in ranges] == [data[:10], data[9 << 20:(9 << 20) + 20]]

    obstore.put(store, "counter", b"0")

    async def increment():
        """As Delta Lake and Iceberg commit: read, write if nobody else did, begin again."""
        while True:
            answer = await obstore.get_async(store, "counter")
            number, tag = int(bytes(await answer.bytes_async())), answer.meta["e_tag"]
            try:
                return await obstore.put_async(store, "counter", str(number + 1).encode(), mode={"e_tag": tag})
            except Exception as refusal:
                assert "precondition" in str(refusal).lower(), refusal

    async def increment_by_many():
        await asyncio.gather(*[increment() for _ in range(30)])

    asyncio.run(increment_by_many())
    assert bytes(obstore.get(store, "counter").bytes()) == b"30"
    with pytest.raises(Exception, match="(?i)already ?exists"):
        obstore.put(store, "counter", b"", mode="create")


def test_clients_in_c_ask_for_checksums_in_small_letters(stack, bucket):
    """pyarrow and AWS's CRT do; a refusal kept them from reading anything."""
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"123456789", ChecksumAlgorithm="CRC32")

    def small_letters(params, **_):
        params["headers"]["x-amz-checksum-mode"] = "enabled"
    for operation in ("GetObject", "HeadObject"):
        s3.meta.events.register(f"before-call.s3.{operation}", small_letters)
    assert s3.get_object(Bucket=bucket, Key="a")["ChecksumCRC32"] == "y/Q5Jg=="
    assert s3.head_object(Bucket=bucket, Key="a")["ChecksumCRC32"] == "y/Q5Jg=="
