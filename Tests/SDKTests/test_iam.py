"""IAM and STS as boto3 uses them, enforced by every service behind the gateway."""

import json
import uuid

import boto3
import botocore
import botocore.config
import pytest
from botocore.exceptions import ClientError

from authenticator import one_time_code, root_device
from stack import eventually


def document(effect="Allow", action="s3:*", resource="*", **more):
    statement = {"Effect": effect, "Action": action, "Resource": resource} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal, **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(call, *arguments, **keywords):
    """The error code a call is refused with."""
    with pytest.raises(ClientError) as refusal:
        call(*arguments, **keywords)
    return refusal.value.response["Error"]["Code"]


@pytest.fixture
def name():
    return f"t{uuid.uuid4().hex[:8]}"


@pytest.fixture
def user(stack, name):
    """A user without permissions and with a key."""
    iam = stack.client("iam")
    iam.create_user(UserName=name, Path="/staff/", Tags=[{"Key": "team", "Value": "red"}])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return name, key["AccessKeyId"], key["SecretAccessKey"]


def allow(stack, user, *arguments, **keywords):
    stack.client("iam").put_user_policy(
        UserName=user[0], PolicyName="own", PolicyDocument=document(*arguments, **keywords))


def test_caller_identity(stack, user):
    identity = stack.client("sts", *user[1:]).get_caller_identity()
    assert identity["Arn"].endswith(f":user/staff/{user[0]}")
    assert identity["UserId"].startswith("AIDA")
    assert stack.client("sts").get_caller_identity()["Arn"].endswith(":root")


def test_wrong_secret_and_unknown_key(stack, user):
    assert code(stack.client("sts", user[1], "wrong").get_caller_identity) == "SignatureDoesNotMatch"
    assert code(stack.client("sts", "AKIANOBODY1234567890", "x").get_caller_identity) == "InvalidClientTokenId"
    assert code(stack.client("dynamodb", user[1], "wrong").list_tables) == "InvalidSignatureException"
    assert code(stack.client("dynamodb", "AKIANOBODY1234567890", "x").list_tables) == "UnrecognizedClientException"
    assert code(stack.client("s3", user[1], "wrong").list_buckets) == "SignatureDoesNotMatch"
    assert code(stack.client("s3", "AKIANOBODY1234567890", "x").list_buckets) == "InvalidAccessKeyId"
    assert code(stack.client("s3", user[1], user[2], token="nonsense").list_buckets) == "InvalidToken"


def test_documents_come_back_as_they_were(stack, name):
    iam = stack.client("iam")
    policy = json.loads(trust({"Service": "lambda.amazonaws.com"}))
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy), MaxSessionDuration=7200)
    role = iam.get_role(RoleName=name)["Role"]
    assert role["AssumeRolePolicyDocument"] == policy
    assert role["MaxSessionDuration"] == 7200
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document())
    assert iam.get_role_policy(RoleName=name, PolicyName="p")["PolicyDocument"] == json.loads(document())
    iam.attach_role_policy(
        RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AWSLambdaBasicExecutionRole"]
    assert code(iam.delete_role, RoleName=name) == "DeleteConflict"
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name + "x")
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument="{}")


def test_paginator(stack, name):
    iam = stack.client("iam")
    for number in range(5):
        iam.create_group(GroupName=f"{name}-{number}", Path=f"/{name}/")
    pages = list(iam.get_paginator("list_groups").paginate(PathPrefix=f"/{name}/", PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3
    groups = [group["GroupName"] for page in pages for group in page["Groups"]]
    assert groups == [f"{name}-{number}" for number in range(5)]


def test_nothing_is_allowed_until_a_policy_says_so(stack, user, name):
    tables = stack.client("dynamodb", *user[1:])
    assert code(tables.list_tables) == "AccessDeniedException"
    allow(stack, user, action="dynamodb:List*")
    eventually(lambda: "TableNames" in succeeded(tables.list_tables), seconds=5)
    assert code(tables.describe_table, TableName="none") == "AccessDeniedException"


def succeeded(call, *arguments, **keywords):
    try:
        return call(*arguments, **keywords)
    except ClientError:
        return {}


def test_a_folder_of_ones_own(stack, user, name):
    stack.client("s3").create_bucket(Bucket=name)
    allow(stack, user, resource=f"arn:aws:s3:::{name}/${{aws:username}}/*")
    mine = stack.client("s3", *user[1:])
    eventually(lambda: succeeded(mine.put_object, Bucket=name, Key=f"{user[0]}/a", Body=b"x"), seconds=5)
    assert code(mine.put_object, Bucket=name, Key="other/a", Body=b"x") == "AccessDenied"
    assert mine.get_object(Bucket=name, Key=f"{user[0]}/a")["Body"].read() == b"x"


def test_a_denial_says_why(stack, user):
    queues = stack.client("sqs", *user[1:])
    with pytest.raises(ClientError) as refusal:
        queues.create_queue(QueueName="q")
    assert refusal.value.response["Error"]["Message"] == (
        f"User: arn:aws:iam::000000000000:user/staff/{user[0]} is not authorized to perform: sqs:CreateQueue"
        " on resource: arn:aws:sqs:us-east-1:000000000000:q"
        " because no identity-based policy allows the sqs:CreateQueue action")


def test_a_session_of_a_role(stack, user, name):
    iam = stack.client("iam")
    role = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=trust(
            {"AWS": f"arn:aws:iam::000000000000:user/staff/{user[0]}"},
            Condition={"StringEquals": {"sts:ExternalId": "42"}}),
    )["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(action="dynamodb:*"))
    sts = stack.client("sts", *user[1:])
    assert code(sts.assume_role, RoleArn=role["Arn"], RoleSessionName="job") == "AccessDenied"
    session = sts.assume_role(
        RoleArn=role["Arn"], RoleSessionName="job", ExternalId="42",
        Policy=document(action="dynamodb:ListTables"), Tags=[],
    )
    assert session["AssumedRoleUser"]["Arn"].endswith(f":assumed-role/{name}/job")
    keys = session["Credentials"]
    worker = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert stack.client("dynamodb", *worker).list_tables()["TableNames"] is not None
    assert code(stack.client("dynamodb", *worker).describe_table, TableName="x") == "AccessDeniedException"
    assert code(stack.client("sts", worker[0], worker[1]).get_caller_identity) == "InvalidClientTokenId"
    # What the role loses, its sessions lose.
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    eventually(lambda: not succeeded(stack.client("dynamodb", *worker).list_tables), seconds=5)


def test_a_deleted_key_is_refused_at_once(stack, user):
    sts = stack.client("sts", *user[1:])
    sts.get_caller_identity()
    stack.client("iam").delete_access_key(UserName=user[0], AccessKeyId=user[1])
    eventually(lambda: not succeeded(sts.get_caller_identity), seconds=5)
    assert code(sts.get_caller_identity) == "InvalidClientTokenId"


def test_a_bucket_policy_lets_a_user_in(stack, user, name):
    owner = stack.client("s3")
    owner.create_bucket(Bucket=name)
    owner.put_object(Bucket=name, Key="a", Body=b"x")
    arn = f"arn:aws:iam::000000000000:user/staff/{user[0]}"
    owner.put_bucket_policy(
        Bucket=name,
        Policy=document(action="s3:GetObject", resource=f"arn:aws:s3:::{name}/*", Principal={"AWS": arn}))
    guest = stack.client("s3", *user[1:])
    assert guest.get_object(Bucket=name, Key="a")["Body"].read() == b"x"
    assert code(guest.put_object, Bucket=name, Key="b", Body=b"x") == "AccessDenied"


def test_a_federated_user_has_what_both_allow(stack, user):
    allow(stack, user, action=["sts:GetFederationToken", "dynamodb:*"])
    sts = stack.client("sts", *user[1:])
    policy = document(action="dynamodb:ListTables")
    keys = eventually(
        lambda: succeeded(sts.get_federation_token, Name="guest", Policy=policy), seconds=5)["Credentials"]
    guest = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert stack.client("sts", *guest).get_caller_identity()["Arn"].endswith(":federated-user/guest")
    assert "TableNames" in stack.client("dynamodb", *guest).list_tables()
    assert code(stack.client("dynamodb", *guest).describe_table, TableName="x") == "AccessDeniedException"
    keys = sts.get_federation_token(Name="nobody")["Credentials"]
    nobody = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert code(stack.client("dynamodb", *nobody).list_tables) == "AccessDeniedException"


def test_the_simulator(stack, user):
    iam = stack.client("iam")
    allow(stack, user, action="s3:Get*")
    arn = iam.get_user(UserName=user[0])["User"]["Arn"]
    results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject", "s3:PutObject"])
    decisions = [result["EvalDecision"] for result in results["EvaluationResults"]]
    assert decisions == ["allowed", "implicitDeny"]


def test_a_second_factor_opens_what_asks_for_one(stack, user):
    iam = stack.client("iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{user[0]}-phone")["VirtualMFADevice"]
    seed, serial = device["Base32StringSeed"], device["SerialNumber"]
    pair = {"UserName": user[0], "SerialNumber": serial}
    assert code(iam.enable_mfa_device, **pair, AuthenticationCode1="000000",
                AuthenticationCode2="000000") == "InvalidAuthenticationCode"
    iam.enable_mfa_device(**pair, AuthenticationCode1=one_time_code(seed, -1), AuthenticationCode2=one_time_code(seed))
    assert [item["SerialNumber"] for item in iam.list_mfa_devices(UserName=user[0])["MFADevices"]] == [serial]
    allow(stack, user, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    sts = stack.client("sts", *user[1:])

    def client(**claim):
        session = sts.get_session_token(**claim)["Credentials"]
        return stack.client("s3", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    claim = {"SerialNumber": serial, "TokenCode": one_time_code(seed, 1)}
    factored = client(**claim)
    eventually(lambda: succeeded(factored.list_buckets))
    assert code(client().list_buckets) == "AccessDenied"
    assert code(stack.client("s3", *user[1:]).list_buckets) == "AccessDenied"
    # No code is good twice.
    assert code(sts.get_session_token, **claim) == "AccessDenied"
    assert code(iam.delete_virtual_mfa_device, SerialNumber=serial) == "DeleteConflict"
    iam.deactivate_mfa_device(**pair)
    assert code(sts.get_session_token, **claim) == "AccessDenied"
    iam.delete_virtual_mfa_device(SerialNumber=serial)


def test_root_has_a_device_that_nobody_else_gives_or_takes(stack, user):
    iam, account = stack.client("iam"), stack.client("sts").get_caller_identity()["Account"]
    allow(stack, user, action="*")
    administrator = stack.client("iam", *user[1:])
    eventually(lambda: succeeded(administrator.list_virtual_mfa_devices))
    assert iam.get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 0
    with root_device(iam, "root-account-mfa-device") as (serial, seed):
        assert serial == f"arn:aws:iam::{account}:mfa/root-account-mfa-device"
        assert iam.get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 1
        assert [item["SerialNumber"] for item in iam.list_mfa_devices()["MFADevices"]] == [serial]
        assert iam.get_mfa_device(SerialNumber=serial)["UserName"] == "root"
        listed = administrator.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
        holder = {item["SerialNumber"]: item["User"] for item in listed}[serial]
        assert holder["Arn"] == f"arn:aws:iam::{account}:root" and holder["UserId"] == account
        assert "UserName" not in holder
        for named in ({}, {"UserName": "root"}, {"UserName": account}):
            assert code(administrator.deactivate_mfa_device, SerialNumber=serial, **named) == "NoSuchEntity"
        assert code(administrator.delete_virtual_mfa_device, SerialNumber=serial) == "DeleteConflict"
        iam.tag_mfa_device(SerialNumber=serial, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}])
        iam.untag_mfa_device(SerialNumber=serial, TagKeys=["b"])
        assert iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == [{"Key": "a", "Value": "1"}]
        session = stack.client("sts").get_session_token(SerialNumber=serial, TokenCode=one_time_code(seed, 1))
        assert session["Credentials"]["AccessKeyId"].startswith("ASIA")
        other = administrator.create_virtual_mfa_device(VirtualMFADeviceName=f"{user[0]}-own")["VirtualMFADevice"]
        codes = {f"AuthenticationCode{n}": one_time_code(other["Base32StringSeed"], n - 2) for n in (1, 2)}
        for named in ("root", account):
            assert code(administrator.enable_mfa_device, UserName=named, SerialNumber=other["SerialNumber"],
                        **codes) == "NoSuchEntity"
        iam.delete_virtual_mfa_device(SerialNumber=other["SerialNumber"])
    assert iam.get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 0


def test_anonymous_callers_have_no_identity(stack):
    stranger = boto3.client(
        "sts", region_name="us-east-1", endpoint_url=stack.endpoint,
        config=botocore.config.Config(signature_version=botocore.UNSIGNED))
    assert code(stranger.get_caller_identity) == "MissingAuthenticationToken"
