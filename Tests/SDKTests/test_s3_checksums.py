"""Checksums of S3's objects: each algorithm wherever one is taken, and requests whose framing S3 does not take."""

import base64
import functools
import hashlib
import socket
import uuid
import zlib

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
import requests
import xxhash
from botocore.exceptions import ClientError

from stack import eventually

SUMS = {"CRC32": lambda data: zlib.crc32(data).to_bytes(4, "big"), "XXHASH64": xxhash.xxh64_digest,
        "XXHASH3": xxhash.xxh3_64_digest, "XXHASH128": xxhash.xxh3_128_digest} | {
            name: functools.partial(lambda name, data: hashlib.new(name, data).digest(), name.lower())
            for name in ("MD5", "SHA1", "SHA256", "SHA512")}
NEW = ("MD5", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128")


def sum_of(algorithm, data):
    return base64.b64encode(SUMS[algorithm](data)).decode()


def body_of(size):
    return bytes(index * 7 % 251 for index in range(size))


def member(algorithm):
    return f"Checksum{algorithm}"


@pytest.fixture(scope="module")
def s3(stack):
    return stack.client("s3")


@pytest.fixture(scope="module")
def bucket(s3):
    name = f"sums-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    return name


def code(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


@pytest.mark.parametrize("algorithm", SUMS)
@pytest.mark.parametrize("size", [0, 1000, 300_000])
def test_an_object_is_taken_with_its_checksum_and_tells_it(s3, bucket, algorithm, size):
    body = body_of(size)
    value = {member(algorithm): sum_of(algorithm, body)}
    put = s3.put_object(Bucket=bucket, Key="whole", Body=body, **value)
    assert put[member(algorithm)] == value[member(algorithm)] and put["ChecksumType"] == "FULL_OBJECT"
    for read in (s3.get_object, s3.head_object):
        told = read(Bucket=bucket, Key="whole", ChecksumMode="ENABLED")
        assert told[member(algorithm)] == value[member(algorithm)] and told["ChecksumType"] == "FULL_OBJECT"
    # boto3 asks for it with every GetObject, unasked.
    assert member(algorithm) not in s3.head_object(Bucket=bucket, Key="whole")
    facts = s3.get_object_attributes(Bucket=bucket, Key="whole", ObjectAttributes=["Checksum"])
    assert facts["Checksum"] == value | {"ChecksumType": "FULL_OBJECT"}
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="whole")["Contents"][0]
    assert listed["ChecksumAlgorithm"] == [algorithm] and listed["ChecksumType"] == "FULL_OBJECT"
    wrong = {member(algorithm): sum_of(algorithm, body + b"!")}
    assert code(s3.put_object, Bucket=bucket, Key="whole", Body=body, **wrong) == "BadDigest"
    assert code(s3.put_object, Bucket=bucket, Key="whole", Body=body, **{member(algorithm): "AA=="}) == "InvalidRequest"


@pytest.mark.parametrize("algorithm", SUMS)
def test_an_upload_in_parts_has_a_composite_of_theirs(s3, bucket, algorithm):
    parts = [body_of(5 << 20), b"the end"]
    sums = [sum_of(algorithm, part) for part in parts]
    where = {"Bucket": bucket, "Key": "parts"}
    begun = s3.create_multipart_upload(**where, ChecksumAlgorithm=algorithm)
    assert (begun["ChecksumAlgorithm"], begun["ChecksumType"]) == (algorithm, "COMPOSITE")
    upload = where | {"UploadId": begun["UploadId"]}
    done = []
    for number, (part, value) in enumerate(zip(parts, sums), 1):
        claim = {member(algorithm): value}
        answer = s3.upload_part(**upload, PartNumber=number, Body=part, **claim)
        assert answer[member(algorithm)] == value
        done.append({"PartNumber": number, "ETag": answer["ETag"]} | claim)
    listed = s3.list_parts(**upload)
    assert listed["ChecksumAlgorithm"] == algorithm and listed["ChecksumType"] == "COMPOSITE"
    assert [part[member(algorithm)] for part in listed["Parts"]] == sums
    uploads = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(item["ChecksumAlgorithm"], item["ChecksumType"]) for item in uploads] == [(algorithm, "COMPOSITE")]
    bare = [{name: part[name] for name in ("PartNumber", "ETag")} for part in done]
    assert code(s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": bare}) == "InvalidRequest"
    whole = sum_of(algorithm, b"".join(SUMS[algorithm](part) for part in parts))
    wrong = {member(algorithm): sum_of(algorithm, b"!")}
    assert code(s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": done}, **wrong) == "BadDigest"
    made = s3.complete_multipart_upload(
        **upload, MultipartUpload={"Parts": done}, ChecksumType="COMPOSITE", **{member(algorithm): whole})
    assert made[member(algorithm)] == f"{whole}-2" and made["ChecksumType"] == "COMPOSITE"
    told = s3.head_object(**where, ChecksumMode="ENABLED")
    assert told[member(algorithm)] == f"{whole}-2"
    facts = s3.get_object_attributes(**where, ObjectAttributes=["Checksum", "ObjectParts"])
    assert facts["Checksum"][member(algorithm)] == whole
    assert [part[member(algorithm)] for part in facts["ObjectParts"]["Parts"]] == sums
    second = s3.get_object(**where, PartNumber=2, ChecksumMode="ENABLED")
    assert second["Body"].read() == parts[1] and second[member(algorithm)] == sums[1]


@pytest.mark.parametrize("algorithm", NEW)
def test_the_newer_ones_are_announced_with_the_upload_and_never_of_all_its_bytes(s3, bucket, algorithm):
    where = {"Bucket": bucket, "Key": "refused"}
    full = {"ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"}
    assert code(s3.create_multipart_upload, **where, **full) == "InvalidRequest"
    upload = where | {"UploadId": s3.create_multipart_upload(**where)["UploadId"]}
    with pytest.raises(ClientError) as error:
        s3.upload_part(**upload, PartNumber=1, Body=b"x", **{member(algorithm): sum_of(algorithm, b"x")})
    assert f"expected checksum Type: null, actual checksum Type: {algorithm.lower()}" in str(error.value)
    s3.abort_multipart_upload(**upload)


@pytest.mark.parametrize("algorithm", SUMS)
def test_copies_have_the_checksum_that_is_asked_for(s3, bucket, algorithm):
    body = body_of(100_000)
    s3.put_object(Bucket=bucket, Key="source", Body=body)
    source = {"Bucket": bucket, "Key": "source"}
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, ChecksumAlgorithm=algorithm)
    assert copied["CopyObjectResult"][member(algorithm)] == sum_of(algorithm, body)
    # Whoever asks for none gets the source's.
    again = s3.copy_object(Bucket=bucket, Key="again", CopySource={"Bucket": bucket, "Key": "copy"})
    assert again["CopyObjectResult"][member(algorithm)] == sum_of(algorithm, body)
    where = {"Bucket": bucket, "Key": "by-parts"}
    upload = where | {"UploadId": s3.create_multipart_upload(**where, ChecksumAlgorithm=algorithm)["UploadId"]}
    part = s3.upload_part_copy(**upload, PartNumber=1, CopySource=source, CopySourceRange="bytes=10-99")
    part = part["CopyPartResult"]
    assert part[member(algorithm)] == sum_of(algorithm, body[10:100])
    named = {"PartNumber": 1, "ETag": part["ETag"], member(algorithm): part[member(algorithm)]}
    made = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [named]})
    assert made[member(algorithm)] == sum_of(algorithm, SUMS[algorithm](body[10:100])) + "-1"


def signed(stack, method, path, headers=None, payload="UNSIGNED-PAYLOAD", body=None):
    """A request to S3 whose body is described by `payload`, as headers and an address."""

    class Auth(botocore.auth.S3SigV4Auth):
        def payload(self, request):
            return payload

    request = botocore.awsrequest.AWSRequest(method, stack.endpoint + path, headers=headers or {}, data=body)
    request.context["signing"] = {}
    Auth(botocore.credentials.Credentials(stack.key, stack.secret), "s3", "us-east-1").add_auth(request)
    return request.url, dict(request.headers) | {"X-Amz-Content-SHA256": payload}


@pytest.mark.parametrize("algorithm", SUMS)
def test_a_checksum_behind_the_body_is_held_against_it_and_kept(stack, s3, bucket, algorithm):
    body = body_of(70_000)
    header = f"x-amz-checksum-{algorithm.lower()}"

    def put(value):
        url, headers = signed(stack, "PUT", f"/{bucket}/trailing", {
            "X-Amz-Trailer": header, "X-Amz-Decoded-Content-Length": str(len(body)), "Content-Encoding": "aws-chunked",
        }, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        frames = b"%x\r\n%s\r\n0\r\n%s:%s\r\n\r\n" % (len(body), body, header.encode(), value.encode())
        return requests.put(url, headers=headers, data=frames)

    wrong = put(sum_of(algorithm, b"!"))
    assert wrong.status_code == 400 and "<Code>BadDigest</Code>" in wrong.text
    done = put(sum_of(algorithm, body))
    assert done.status_code == 200 and done.headers[header] == sum_of(algorithm, body), done.text
    told = s3.get_object(Bucket=bucket, Key="trailing", ChecksumMode="ENABLED")
    assert told["Body"].read() == body and told[member(algorithm)] == sum_of(algorithm, body)


@pytest.mark.parametrize("algorithm", NEW)
def test_presigned_addresses_and_forms_carry_checksums(stack, bucket, algorithm):
    s3 = stack.client("s3", signature_version="s3v4")
    body = b"what somebody else sends"
    header = f"x-amz-checksum-{algorithm.lower()}"
    url = s3.generate_presigned_url(
        "put_object", {"Bucket": bucket, "Key": "signed", member(algorithm): sum_of(algorithm, body)})
    headers = {} if header in url.split("X-Amz-SignedHeaders")[0] else {header: sum_of(algorithm, body)}
    assert requests.put(url, data=body + b"!", headers=headers).status_code == 400
    done = requests.put(url, data=body, headers=headers)
    assert done.status_code == 200, done.text
    assert s3.head_object(Bucket=bucket, Key="signed", ChecksumMode="ENABLED")[member(algorithm)] == sum_of(algorithm, body)

    def post(value):
        form = s3.generate_presigned_post(
            bucket, "posted", Fields={header: value}, Conditions=[["starts-with", f"${header}", ""]])
        return requests.post(form["url"], data=form["fields"], files={"file": body})

    wrong = post(sum_of(algorithm, b"!"))
    assert wrong.status_code == 400 and "BadDigest" in wrong.text
    assert post(sum_of(algorithm, body)).status_code == 204
    assert s3.head_object(Bucket=bucket, Key="posted", ChecksumMode="ENABLED")[member(algorithm)] == sum_of(algorithm, body)


def test_replicas_keep_their_sources_checksum(stack, s3):
    names = [f"sums-{place}-{uuid.uuid4().hex[:8]}" for place in ("here", "there")]
    for name in names:
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    iam = stack.client("iam")
    trust = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},'
             '"Action":"sts:AssumeRole"}]}')
    role = iam.create_role(RoleName=f"sums-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument=trust)["Role"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="all", PolicyDocument=(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'))
    s3.put_bucket_replication(Bucket=names[0], ReplicationConfiguration={"Role": role["Arn"], "Rules": [{
        "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {}, "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{names[1]}"}}]})
    body = body_of(50_000)
    for algorithm in NEW:
        s3.put_object(Bucket=names[0], Key=algorithm, Body=body, **{member(algorithm): sum_of(algorithm, body)})
    for algorithm in NEW:
        def told():
            answer = s3.head_object(Bucket=names[1], Key=algorithm, ChecksumMode="ENABLED")
            return answer[member(algorithm)] == sum_of(algorithm, body)

        def arrived():
            try:
                return told()
            except ClientError:
                return False
        eventually(arrived)


def test_an_unknown_algorithm_is_refused_by_name(s3, bucket):
    with pytest.raises(ClientError) as error:
        s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="MD4")
    assert ("[CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]" in str(error.value))


def test_documents_are_held_against_the_checksums_of_their_head(stack, s3, bucket):
    s3.put_object(Bucket=bucket, Key="doomed", Body=b"x")
    document = b"<Delete><Object><Key>doomed</Key></Object></Delete>"

    def delete(headers):
        payload = hashlib.sha256(document).hexdigest()
        url, headers = signed(stack, "POST", f"/{bucket}?delete=", headers, payload, document)
        return requests.post(url, headers=headers, data=document)

    assert "<Code>InvalidRequest</Code>" in delete({}).text
    assert "<Code>BadDigest</Code>" in delete({"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}).text
    assert "<Code>BadDigest</Code>" in delete({"x-amz-checksum-xxhash64": "AAAAAAAAAAA="}).text
    assert s3.head_object(Bucket=bucket, Key="doomed")
    assert "<Deleted>" in delete({"x-amz-checksum-xxhash64": sum_of("XXHASH64", document)}).text
    assert code(s3.head_object, Bucket=bucket, Key="doomed") == "404"


class Wire:
    """A connection on which a test says every byte itself."""

    def __init__(self, stack):
        host, port = stack.endpoint.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.input = self.socket.makefile("rb")

    def send(self, method, url, headers, body=b""):
        path = "/" + url.split("/", 3)[3]
        host = url.split("/")[2]
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def answer(self):
        """Status, headers and body; `None` where the other side hung up."""
        first = self.input.readline()
        if not first:
            return None
        headers = {}
        while (line := self.input.readline().strip()):
            name, value = line.decode().split(":", 1)
            headers[name.lower()] = value.strip()
        return int(first.split()[1]), headers, self.input.read(int(headers.get("content-length", 0))).decode()


@pytest.mark.parametrize("size", [0, 11, 3 << 20])
def test_a_body_of_unknown_length_is_not_taken_and_the_connection_stays_sound(stack, s3, bucket, size):
    url, headers = signed(stack, "PUT", f"/{bucket}/unknown", {"Transfer-Encoding": "chunked"})
    chunk = body_of(size)
    wire = Wire(stack)
    wire.send("PUT", url, headers, (b"%x\r\n%s\r\n" % (size, chunk) if size else b"") + b"0\r\n\r\n")
    status, answer, text = wire.answer()
    assert status == 501 and "<Code>NotImplemented</Code>" in text and "<Header>Transfer-Encoding</Header>" in text
    assert "<Message>A header you provided implies functionality that is not implemented</Message>" in text
    assert code(s3.head_object, Bucket=bucket, Key="unknown") == "404"
    # Either the connection ends, or the next request on it is read from its first byte.
    url, headers = signed(stack, "PUT", f"/{bucket}/known", {"Content-Length": "5"})
    try:
        wire.send("PUT", url, headers, b"hello")
        told = wire.answer()
    except OSError:
        told = None
    if answer.get("connection") == "close":
        assert told is None
    else:
        assert told and told[0] == 200
        assert s3.get_object(Bucket=bucket, Key="known")["Body"].read() == b"hello"


def test_chunks_of_which_the_head_tells_the_length_are_taken(stack, s3, bucket):
    url, headers = signed(stack, "PUT", f"/{bucket}/chunks", {
        "Transfer-Encoding": "chunked", "Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": "5",
        "X-Amz-Trailer": "x-amz-checksum-xxhash3"}, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    inner = b"5\r\nhello\r\n0\r\nx-amz-checksum-xxhash3:%s\r\n\r\n" % sum_of("XXHASH3", b"hello").encode()
    wire = Wire(stack)
    wire.send("PUT", url, headers, b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner))
    status, answer, text = wire.answer()
    assert status == 200 and answer["x-amz-checksum-xxhash3"] == sum_of("XXHASH3", b"hello"), text
    assert s3.get_object(Bucket=bucket, Key="chunks")["Body"].read() == b"hello"


def test_headers_over_eight_kibibytes_are_refused_as_s3_refuses_them(stack, s3, bucket):
    s3.put_object(Bucket=bucket, Key="small", Body=b"x")
    for size, expected in [(6000, 200), (8192, 400), (30_000, 400)]:
        wire = Wire(stack)
        fields = {f"X-Long-{index}": "x" * min(3000, size - start) for index, start in enumerate(range(0, size, 3000))}
        url, headers = signed(stack, "GET", f"/{bucket}/small")
        wire.send("GET", url, headers | fields)
        status, _, text = wire.answer()
        assert status == expected
        if expected == 400:
            assert "<Code>RequestHeaderSectionTooLarge</Code>" in text and "<MaxSizeAllowed>8192</MaxSizeAllowed>" in text
