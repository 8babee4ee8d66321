"""Buckets whose versions go only by a code of root's device, as boto3 meets them."""

import contextlib
import uuid

import pytest
from botocore.exceptions import ClientError

from authenticator import one_time_code, root_claim, root_device
from stack import eventually

REQUIRED = ("AccessDenied", "Mfa Authentication must be used for this request")
OWNER_ONLY = ("AccessDenied", "This operation may only be performed by the bucket owner")


def refusal(call, **arguments):
    """Code and message of the error a call is refused with."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return tuple(error.value.response["Error"][name] for name in ("Code", "Message"))


def configure(s3, bucket, mfa_delete=None, status="Enabled", **more):
    versioning = {"Status": status} | ({"MFADelete": mfa_delete} if mfa_delete else {})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning, **more)


def is_admitted(client, bucket):
    with contextlib.suppress(ClientError):
        return client.head_bucket(Bucket=bucket)


@contextlib.contextmanager
def user(stack):
    """A client of S3 who may do everything."""
    iam, name = stack.client("iam"), f"mfa-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    try:
        yield stack.client("s3", key["AccessKeyId"], key["SecretAccessKey"])
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.detach_user_policy(UserName=name, PolicyArn=policy)
        iam.delete_user(UserName=name)


@pytest.fixture
def guarded(stack):
    """A bucket with MFA Delete."""
    s3, name = stack.client("s3"), f"guarded-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    with root_claim(stack.client("iam")) as claim:
        configure(s3, name, "Enabled", MFA=claim)
    return name


def test_a_code_of_root_turns_it_on_and_off(stack):
    s3, iam, bucket = stack.client("s3"), stack.client("iam"), f"guarded-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket)
    assert refusal(configure, s3=s3, bucket=bucket, mfa_delete="Enabled") == REQUIRED
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    configure(s3, bucket, "Disabled")
    assert s3.get_bucket_versioning(Bucket=bucket)["MFADelete"] == "Disabled"
    with root_device(iam, "root-account-mfa-device") as (serial, seed), user(stack) as other:
        claims = {
            "nonsense": "InvalidArgument", f"{serial} 000000": "TokenCodeInvalidError",
            f"{serial}x {one_time_code(seed, 1)}": "NotDeviceOwnerError"}
        for claim, code in claims.items():
            assert refusal(configure, s3=s3, bucket=bucket, mfa_delete="Enabled", MFA=claim)[0] == code
        good = f"{serial} {one_time_code(seed, 1)}"
        eventually(lambda: is_admitted(other, bucket))
        assert refusal(configure, s3=other, bucket=bucket, mfa_delete="Enabled", MFA=good) == OWNER_ONLY
        configure(s3, bucket, "Enabled", MFA=good)
        assert refusal(configure, s3=s3, bucket=bucket, mfa_delete="Disabled", MFA=good)[0] == "TokenCodeInvalidError"
    answer = s3.get_bucket_versioning(Bucket=bucket)
    assert (answer["Status"], answer["MFADelete"]) == ("Enabled", "Enabled")
    assert refusal(configure, s3=s3, bucket=bucket, status="Suspended") == REQUIRED
    assert refusal(configure, s3=s3, bucket=bucket, mfa_delete="Disabled") == REQUIRED
    with root_claim(iam) as claim:
        configure(s3, bucket, "Disabled", MFA=claim)
    configure(s3, bucket, status="Suspended")


def test_versions_go_by_a_code_and_markers_come_without(stack, guarded):
    s3, iam = stack.client("s3"), stack.client("iam")
    first = s3.put_object(Bucket=guarded, Key="a", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=guarded, Key="a", Body=b"2")["VersionId"]
    with user(stack) as other:
        eventually(lambda: is_admitted(other, guarded))
        for client in (s3, other):
            assert refusal(client.delete_object, Bucket=guarded, Key="a", VersionId=first) == REQUIRED
        marker = other.delete_object(Bucket=guarded, Key="a")
        assert marker["DeleteMarker"]
        with root_claim(iam) as claim:
            refused = refusal(other.delete_object, Bucket=guarded, Key="a", VersionId=first, MFA=claim)
            assert refused == OWNER_ONLY
            session = stack.client("sts").get_session_token()["Credentials"]
            temporary = stack.client(
                "s3", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
            refused = refusal(temporary.delete_object, Bucket=guarded, Key="a", VersionId=first, MFA=claim)
            assert refused[0] == "InvalidRequest"
            s3.delete_object(Bucket=guarded, Key="a", VersionId=first, MFA=claim)
            refused = refusal(s3.delete_object, Bucket=guarded, Key="a", VersionId=second, MFA=claim)
            assert refused[0] == "TokenCodeInvalidError"
    with root_claim(iam) as claim:
        s3.delete_object(Bucket=guarded, Key="a", VersionId=marker["VersionId"], MFA=claim)
    assert s3.get_object(Bucket=guarded, Key="a")["Body"].read() == b"2"
    assert s3.list_object_versions(Bucket=guarded)["Versions"][0]["VersionId"] == second


def test_one_code_is_enough_for_many_versions_and_none_for_none(stack, guarded):
    s3, iam = stack.client("s3"), stack.client("iam")
    versions = [s3.put_object(Bucket=guarded, Key=f"k{n}", Body=b"x")["VersionId"] for n in range(4)]
    objects = [{"Key": f"k{n}", "VersionId": version} for n, version in enumerate(versions[:3])]
    mixed = {"Objects": [*objects, {"Key": "k3"}]}
    assert refusal(s3.delete_objects, Bucket=guarded, Delete=mixed) == REQUIRED
    assert len(s3.list_objects_v2(Bucket=guarded)["Contents"]) == 4
    with root_claim(iam) as claim:
        answer = s3.delete_objects(Bucket=guarded, Delete=mixed, MFA=claim)
    assert len(answer["Deleted"]) == 4 and "Errors" not in answer
    listed = s3.list_object_versions(Bucket=guarded)
    assert [item["VersionId"] for item in listed["Versions"]] == [versions[3]] and len(listed["DeleteMarkers"]) == 1
    with root_claim(iam) as claim:
        rest = [{"Key": "k3", "VersionId": item["VersionId"]} for item in listed["Versions"] + listed["DeleteMarkers"]]
        s3.delete_objects(Bucket=guarded, Delete={"Objects": rest}, MFA=claim)
    s3.delete_bucket(Bucket=guarded)


def test_lifecycle_rules_and_it_exclude_each_other(stack, guarded):
    s3, bucket = stack.client("s3"), f"ruled-{uuid.uuid4().hex[:8]}"
    rules = {"Rules": [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]}
    refused = refusal(s3.put_bucket_lifecycle_configuration, Bucket=guarded, LifecycleConfiguration=rules)
    assert refused[0] == "InvalidBucketState"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules)
    with root_claim(stack.client("iam")) as claim:
        refused = refusal(configure, s3=s3, bucket=bucket, mfa_delete="Enabled", MFA=claim)
        assert refused == (
            "InvalidBucketState", "Mfa Authentication is not supported on a bucket with lifecycle configuration. "
            "Delete lifecycle configuration before enabling Mfa Authentication.")
        s3.delete_bucket_lifecycle(Bucket=bucket)
        configure(s3, bucket, "Enabled", MFA=claim)


def test_it_and_the_codes_taken_survive_the_death_of_who_keeps_them(stack, guarded):
    if stack.external:
        pytest.skip("kills processes of a stack of its own")
    s3, iam = stack.client("s3"), stack.client("iam")
    version = s3.put_object(Bucket=guarded, Key="a", Body=b"1")["VersionId"]
    with root_device(iam) as (serial, seed):
        claim = f"{serial} {one_time_code(seed, 1)}"
        s3.delete_object(Bucket=guarded, Key="none", VersionId="null", MFA=claim)
        for name in ("apus-auth", "apus-objects"):
            stack.kill(name)
        eventually(lambda: is_admitted(s3, guarded))
        assert refusal(s3.delete_object, Bucket=guarded, Key="a", VersionId=version) == REQUIRED
        refused = refusal(s3.delete_object, Bucket=guarded, Key="a", VersionId=version, MFA=claim)
        assert refused[0] == "TokenCodeInvalidError"
