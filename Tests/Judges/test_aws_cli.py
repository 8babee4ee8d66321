"""The AWS CLI, version 1 and, where Debian's is unpacked, version 2: the `s3` commands."""

import os
import urllib.error
import urllib.request

import pytest

from conftest import Command, bytes_of, contents, make_tree, program

# Debian's version 2, by its command: `APUS_JUDGE_AWS2="python3 …/aws"`.
CLIENTS = {"1": [program("aws")]} | ({"2": os.environ["APUS_JUDGE_AWS2"].split()} if "APUS_JUDGE_AWS2" in os.environ else {})


@pytest.fixture(params=CLIENTS)
def aws(stack, request, tmp_path):
    config = tmp_path / "config"
    config.write_text("[default]\ns3 =\n  addressing_style = path\n  multipart_threshold = 5MB\n"
                      "  multipart_chunksize = 5MB\n")
    return Command(*CLIENTS[request.param], environment=stack.aws_environment() | {"AWS_CONFIG_FILE": str(config)}
                   | ({"PYTHONPATH": os.environ.get("APUS_JUDGE_AWS2_PATH", "")} if request.param == "2" else {}))


def s3(aws, *arguments, **options):
    return aws("--endpoint-url", aws.environment["AWS_ENDPOINT_URL"], "s3", *arguments, **options)


def test_s3(aws, bucket, tmp_path, count):
    remote = f"s3://{bucket}"
    tree = tmp_path / "tree"
    files = make_tree(tree, 100)
    s3(aws, "mb", f"{remote}-second")
    assert f"{bucket}-second" in s3(aws, "ls")
    s3(aws, "sync", tree, f"{remote}/tree")
    assert s3(aws, "sync", tree, f"{remote}/tree") == ""
    listed = s3(aws, "ls", "--recursive", "--summarize", f"{remote}/tree/")
    assert f"Total Objects: {len(files)}" in listed
    s3(aws, "sync", f"{remote}/tree", tmp_path / "back")
    assert contents(tmp_path / "back") == files
    (tree / "new").write_bytes(b"new")
    (tree / "names" / "plain.txt").unlink()
    s3(aws, "sync", "--delete", tree, f"{remote}/tree")
    s3(aws, "sync", f"{remote}/tree", f"{remote}-second/tree")
    s3(aws, "sync", "--delete", f"{remote}-second/tree", tmp_path / "back")
    assert contents(tmp_path / "back") == contents(tree)

    data = bytes_of("large", 18 << 20)
    s3(aws, "cp", "-", f"{remote}/piped", input=data)
    s3(aws, "cp", f"{remote}/piped", f"{remote}-second/copied")
    s3(aws, "mv", f"{remote}-second/copied", f"{remote}/moved")
    s3(aws, "cp", f"{remote}/moved", tmp_path / "moved")
    assert (tmp_path / "moved").read_bytes() == data
    s3(aws, "mv", tmp_path / "moved", f"{remote}/moved again")
    assert not (tmp_path / "moved").exists()
    s3(aws, "cp", "--recursive", "--exclude", "*", "--include", "*/e01/*", f"{remote}/tree/", f"{remote}/some/")
    some = [name for name in contents(tree) if "/e01/" in name]
    assert len(s3(aws, "ls", "--recursive", f"{remote}/some/").splitlines()) == len(some)
    s3(aws, "cp", "--metadata", "mood=fine", "--content-type", "text/x-cat", "--cache-control", "max-age=5",
       "--storage-class", "STANDARD_IA", tree / "new", f"{remote}/described")
    url = s3(aws, "presign", "--expires-in", "60", f"{remote}/described").strip()
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"new" and answer.headers["Content-Type"] == "text/x-cat"
        assert answer.headers["x-amz-meta-mood"] == "fine" and answer.headers["Cache-Control"] == "max-age=5"
    s3(aws, "cp", f"{remote}/missing", tmp_path / "missing", fails=True)

    s3(aws, "rm", "--recursive", "--exclude", "*.txt", f"{remote}/tree")
    left = s3(aws, "ls", "--recursive", f"{remote}/tree/").splitlines()
    assert len(left) == len([name for name in contents(tree) if name.endswith(".txt")])
    s3(aws, "rb", f"{remote}-second", fails=True)
    s3(aws, "rb", "--force", f"{remote}-second")
    count("aws", aws("--version").split()[0], commands=aws.calls, files=len(files))


def test_website(aws, bucket, stack, tmp_path, count):
    s3(aws, "website", "--index-document", "index.html", "--error-document", "error.html", f"s3://{bucket}")
    api = ("--endpoint-url", stack.endpoint, "s3api")
    aws(*api, "delete-public-access-block", "--bucket", bucket)
    aws(*api, "put-bucket-policy", "--bucket", bucket, "--policy",
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject",'
        f'"s3:ListBucket"],"Resource":["arn:aws:s3:::{bucket}","arn:aws:s3:::{bucket}/*"]}}]}}')
    for name in ("index.html", "error.html"):
        s3(aws, "cp", "-", f"s3://{bucket}/{name}", "--content-type", "text/html", input=name.encode())
    site = {"Host": f"{bucket}.s3-website-us-east-1.amazonaws.com"}
    page = urllib.request.urlopen(urllib.request.Request(stack.endpoint, headers=site), timeout=10)
    assert page.read() == b"index.html"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(urllib.request.Request(f"{stack.endpoint}/none", headers=site), timeout=10)
    assert missing.value.code == 404 and missing.value.read() == b"error.html"
    count("aws", aws("--version").split()[0], commands=aws.calls)
