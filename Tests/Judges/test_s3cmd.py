"""s3cmd, unmodified: every command that Apus serves."""

import json
import subprocess
import urllib.request

import pytest

from conftest import Command, bytes_of, contents, make_tree, program

VERSION = subprocess.run([program("s3cmd"), "--version"], capture_output=True, text=True).stdout.split()[-1]


@pytest.fixture
def s3cmd(stack, tmp_path):
    host = stack.endpoint.removeprefix("http://")
    config = tmp_path / "s3cfg"
    config.write_text(
        f"[default]\naccess_key = {stack.key}\nsecret_key = {stack.secret}\nhost_base = {host}\n"
        f"host_bucket = {host}\nuse_https = False\nbucket_location = us-east-1\n")
    return Command(program("s3cmd"), "-c", config, "--no-progress")


def test_files(s3cmd, tmp_path, count):
    bucket = f"s3://s3cmd-{tmp_path.name.replace('_', '-')}"
    s3cmd("mb", bucket)
    assert bucket in s3cmd("ls")
    tree = tmp_path / "tree"
    files = make_tree(tree, 200)
    s3cmd("sync", f"{tree}/", f"{bucket}/tree/")
    listed = s3cmd("ls", "--recursive", f"{bucket}/tree/").splitlines()
    assert len(listed) == len(files)
    assert f"{len(files)} objects" in s3cmd("du", f"{bucket}/tree/")
    s3cmd("sync", f"{bucket}/tree/", f"{tmp_path}/back/")
    assert contents(tmp_path / "back") == files
    assert s3cmd("sync", f"{tree}/", f"{bucket}/tree/") == ""

    (tree / "names" / "plain.txt").unlink()
    (tree / "d00" / "new.txt").write_text("new")
    s3cmd("sync", "--delete-removed", f"{tree}/", f"{bucket}/tree/")
    assert len(s3cmd("ls", "--recursive", f"{bucket}/tree/").splitlines()) == len(files)

    large = tmp_path / "large"
    large.write_bytes(bytes_of("large", 17 << 20))
    s3cmd("put", "--multipart-chunk-size-mb=5", large, f"{bucket}/large")
    s3cmd("get", f"{bucket}/large", tmp_path / "large.back")
    assert (tmp_path / "large.back").read_bytes() == large.read_bytes()
    (tmp_path / "part.back").write_bytes(large.read_bytes()[:1000])
    s3cmd("get", "--continue", f"{bucket}/large", tmp_path / "part.back")
    assert (tmp_path / "part.back").read_bytes() == large.read_bytes()
    s3cmd("put", "-", f"{bucket}/stdin", input=b"from a pipe")
    assert s3cmd("get", f"{bucket}/stdin", "-") == "from a pipe"
    assert s3cmd("get", f"{bucket}/missing", tmp_path / "x", fails=True) == ""

    # It sets the source's list on the copy, which buckets without lists refuse as AWS's do.
    s3cmd("cp", f"{bucket}/stdin", f"{bucket}/refused", fails=True)
    s3cmd("cp", "--acl-private", f"{bucket}/stdin", f"{bucket}/copy ä")
    s3cmd("setownership", bucket, "ObjectWriter")
    s3cmd("mv", f"{bucket}/copy ä", f"{bucket}/moved")
    s3cmd("modify", "--add-header=Cache-Control: max-age=60", "--add-header=x-amz-meta-mood: fine", f"{bucket}/moved")
    assert "x-amz-meta-mood: fine" in s3cmd("info", f"{bucket}/moved")
    s3cmd("cp", "--recursive", f"{bucket}/tree/names/", f"{bucket}/names/")
    s3cmd("rm", "--recursive", f"{bucket}/names/")
    assert s3cmd("ls", f"{bucket}/names/") == ""
    assert "large" in s3cmd("la")
    url = s3cmd("signurl", f"{bucket}/stdin", "+60").strip()
    assert urllib.request.urlopen(url, timeout=10).read() == b"from a pipe"
    s3cmd("rb", "--recursive", "--force", bucket)
    assert bucket not in s3cmd("ls")
    count("s3cmd", VERSION, commands=s3cmd.calls, files=2 * len(files) + 6)


def test_configurations(s3cmd, tmp_path, count):
    name = f"s3cmd-{tmp_path.name.replace('_', '-')}"
    bucket = f"s3://{name}"
    s3cmd("mb", bucket)
    s3cmd("put", "-", f"{bucket}/a", input=b"a")
    write = lambda file, text: (tmp_path / file).write_text(text) and tmp_path / file  # noqa: E731

    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/no/*"}]}
    s3cmd("setpolicy", write("policy", json.dumps(policy)), bucket)
    assert "no/*" in s3cmd("info", bucket)
    s3cmd("delpolicy", bucket)
    s3cmd("setcors", write("cors", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*"
                           "</AllowedOrigin></CORSRule></CORSConfiguration>"), bucket)
    assert "GET" in s3cmd("info", bucket)
    s3cmd("delcors", bucket)
    s3cmd("expire", "--expiry-days=3", "--expiry-prefix=old/", bucket)
    assert "old/" in s3cmd("getlifecycle", bucket)
    lifecycle = s3cmd("getlifecycle", bucket)
    s3cmd("dellifecycle", bucket)
    s3cmd("setlifecycle", write("lifecycle", lifecycle), bucket)
    s3cmd("ws-create", "--ws-index=index.html", "--ws-error=error.html", bucket)
    assert "index.html" in s3cmd("ws-info", bucket)
    s3cmd("ws-delete", bucket)
    s3cmd("setversioning", bucket, "enable")
    s3cmd("settagging", bucket, "a=1&b=2")
    assert "b" in s3cmd("gettagging", bucket)
    s3cmd("deltagging", bucket)
    s3cmd("settagging", f"{bucket}/a", "c=3")
    assert "c" in s3cmd("gettagging", f"{bucket}/a")
    s3cmd("deltagging", f"{bucket}/a")
    s3cmd("setownership", bucket, "ObjectWriter")
    s3cmd("setblockpublicaccess", bucket, "BlockPublicPolicy")
    s3cmd("setacl", "--acl-public", f"{bucket}/a")
    assert "*anon*" in s3cmd("info", f"{bucket}/a")
    s3cmd("setacl", "--acl-private", "--recursive", bucket)
    s3cmd("multipart", bucket)
    s3cmd("payer", "--requester-pays", bucket)
    assert "Requester" in s3cmd("info", bucket)
    count("s3cmd", VERSION, commands=s3cmd.calls)


def test_access_log(s3cmd, tmp_path, count):
    name = f"s3cmd-{tmp_path.name.replace('_', '-')}"
    for bucket in (name, f"{name}-logs"):
        s3cmd("mb", f"s3://{bucket}")
        s3cmd("setownership", f"s3://{bucket}", "ObjectWriter")
    s3cmd("accesslog", f"--access-logging-target-prefix=s3://{name}-logs/log/", f"s3://{name}")
    assert f"{name}-logs/log/" in s3cmd("accesslog", f"s3://{name}")
    s3cmd("accesslog", "--no-access-logging", f"s3://{name}")
    count("s3cmd", VERSION, commands=s3cmd.calls)
