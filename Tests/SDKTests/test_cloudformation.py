"""CloudFormation as boto3 and the AWS CLI see it: change sets, waiters, pages, refusals, kills."""

import json
import pathlib
import subprocess
import sys
import uuid

import botocore.exceptions
import pytest

from stack import eventually

TEMPLATE = """
Parameters:
  Note: {Type: String, Default: first}
  Secret: {Type: String, Default: quiet, NoEcho: true}
Resources:
  Times:
    Type: AWS::DAX::ParameterGroup
    Properties: {Description: !Ref Note}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: dax.amazonaws.com}, Action: "sts:AssumeRole"}]
  Cluster:
    Type: AWS::DAX::Cluster
    Properties: {NodeType: dax.t3.small, ReplicationFactor: 1, IAMRoleARN: !GetAtt Role.Arn, ParameterGroupName: !Ref Times}
Outputs:
  Cluster: {Value: !Ref Cluster, Export: {Name: !Sub "${AWS::StackName}-cluster"}}
"""
SOON = {"Delay": 1, "MaxAttempts": 120}


@pytest.fixture(scope="module")
def cloudformation(stack):
    return stack.client("cloudformation")


@pytest.fixture
def name():
    return f"s{uuid.uuid4().hex[:10]}"


def aws(stack, *arguments, check=True):
    done = subprocess.run(
        [pathlib.Path(sys.executable).parent / "aws", *arguments], env=stack.aws_environment() | {"AWS_PAGER": ""},
        capture_output=True, text=True, timeout=300,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def change(cloudformation, name, kind, **arguments):
    """A change set that the waiter has seen made."""
    made = cloudformation.create_change_set(
        StackName=name, ChangeSetName="set", ChangeSetType=kind, Capabilities=["CAPABILITY_IAM"], **arguments)
    cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=made["Id"], WaiterConfig=SOON)
    return cloudformation.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True)


def test_a_change_set_makes_a_stack_and_another_changes_it(cloudformation, name):
    made = change(cloudformation, name, "CREATE", TemplateBody=TEMPLATE)
    assert made["ExecutionStatus"] == "AVAILABLE"
    assert [c["ResourceChange"]["LogicalResourceId"] for c in made["Changes"]] == ["Cluster", "Role", "Times"]
    assert cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    cloudformation.execute_change_set(ChangeSetName=made["ChangeSetId"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=SOON)
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    assert stack["ChangeSetId"] == made["ChangeSetId"] and stack["Outputs"][0]["ExportName"] == f"{name}-cluster"
    assert {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]} == {"Note": "first", "Secret": "****"}
    executed = cloudformation.describe_change_set(ChangeSetName=made["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"

    # A parameter group's description cannot change: another group comes, and the cluster is told of it.
    cloudformation.delete_change_set(ChangeSetName="set", StackName=name)
    planned = change(cloudformation, name, "UPDATE", UsePreviousTemplate=True, Parameters=[
        {"ParameterKey": "Note", "ParameterValue": "second"}, {"ParameterKey": "Secret", "UsePreviousValue": True}])
    changes = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in planned["Changes"]}
    assert changes["Times"]["Replacement"] == "True" and changes["Cluster"]["Replacement"] == "False"
    assert [d.get("CausingEntity") for d in changes["Times"]["Details"]] == [None, "Note"]
    assert changes["Cluster"]["Details"][0]["CausingEntity"] == "Times"
    old = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="Times")["StackResourceDetail"]
    cloudformation.execute_change_set(ChangeSetName="set", StackName=name, ClientRequestToken="second")
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig=SOON)
    new = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="Times")["StackResourceDetail"]
    assert new["PhysicalResourceId"] != old["PhysicalResourceId"]
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    assert {e["ResourceStatus"] for e in events if e.get("ClientRequestToken") == "second"} >= {
        "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"}
    operation = next(e["OperationId"] for e in events if e.get("ClientRequestToken") == "second")
    own = cloudformation.describe_events(OperationId=operation)["OperationEvents"]
    assert {e["OperationType"] for e in own} == {"UPDATE_STACK"}

    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack["StackId"], WaiterConfig=SOON)
    gone = cloudformation.describe_stacks(StackName=stack["StackId"])["Stacks"][0]
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(botocore.exceptions.ClientError, match=f"Stack with id {name} does not exist"):
        cloudformation.describe_stacks(StackName=name)


def test_the_cli_packages_deploys_and_says_when_there_is_nothing_to_do(stack, name, tmp_path):
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    aws(stack, "s3", "mb", f"s3://{name}")
    packaged = tmp_path / "packaged.yaml"
    aws(stack, "cloudformation", "package", "--template-file", str(template), "--s3-bucket", name,
        "--output-template-file", str(packaged))
    deploy = ["cloudformation", "deploy", "--template-file", str(packaged), "--stack-name", name, "--s3-bucket", name,
              "--capabilities", "CAPABILITY_IAM"]
    assert f"Successfully created/updated stack - {name}" in aws(stack, *deploy).stdout
    unchanged = aws(stack, *deploy, "--fail-on-empty-changeset", check=False)
    assert unchanged.returncode == 255 and "No changes to deploy" in unchanged.stderr
    summary = json.loads(aws(stack, "cloudformation", "get-template-summary", "--stack-name", name).stdout)
    assert summary["Capabilities"] == ["CAPABILITY_IAM"] and len(summary["Parameters"]) == 2
    resources = json.loads(aws(stack, "cloudformation", "list-stack-resources", "--stack-name", name).stdout)
    assert {r["ResourceStatus"] for r in resources["StackResourceSummaries"]} == {"CREATE_COMPLETE"}
    aws(stack, "cloudformation", "delete-stack", "--stack-name", name)
    aws(stack, "cloudformation", "wait", "stack-delete-complete", "--stack-name", name)


def test_who_may_read_one_stack_may_not_read_another(stack, cloudformation, name):
    iam = stack.client("iam")
    body = "Resources: {A: {Type: AWS::DAX::ParameterGroup}}"
    for each in (name, name + "x"):
        cloudformation.create_stack(StackName=each, TemplateBody=body)
        cloudformation.get_waiter("stack_create_complete").wait(StackName=each, WaiterConfig=SOON)
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "cloudformation:Describe*",
         "Resource": f"arn:aws:cloudformation:us-east-1:000000000000:stack/{name}/*"}]}))
    reader = stack.client("cloudformation", key["AccessKeyId"], key["SecretAccessKey"])
    eventually(lambda: allowed(reader, name))
    assert not allowed(reader, name + "x") and not allowed(reader, None)
    for each in (name, name + "x"):
        cloudformation.delete_stack(StackName=each)


def allowed(client, name):
    try:
        client.describe_stacks(**({"StackName": name} if name else {}))
        return True
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied"
        return False
