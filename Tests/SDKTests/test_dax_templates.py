"""Templates with DAX clusters, deployed by the AWS CLI and by boto3: AWS's own examples, and ours."""

import json
import os
import pathlib
import subprocess
import sys

import boto3
import botocore.exceptions
import pytest

from stack import eventually
from test_dax import metric

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/cached-table/template.yaml"

# "Create Cluster" of https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dax-cluster.html with
# its JSON form's subnet group, and a role of the account's own.
CREATE_CLUSTER = """
AWSTemplateFormatVersion: "2010-09-09"
Description: "Create a DAX cluster"
Resources:
  daxCluster:
    Type: AWS::DAX::Cluster
    Properties:
      ClusterName: "MyDAXCluster"
      NodeType: "dax.r3.large"
      ReplicationFactor: 1
      IAMRoleARN: "ROLE"
      Description: "DAX cluster created with CloudFormation"
      SubnetGroupName: !Ref subnetGroupClu
  subnetGroupClu:
    Type: AWS::DAX::SubnetGroup
    Properties:
      SubnetGroupName: "CFNClusterSubnetGrp"
      Description: "Subnet group for DAX cluster"
      SubnetIds:
        - !Ref subnet1
        - !Ref subnet2
  subnet1:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId:
        !Ref daxVpc
      CidrBlock: 172.13.17.0/24
      AvailabilityZone:
        Fn::Select:
          - 0
          - Fn::GetAZs: ""
  subnet2:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId:
        !Ref daxVpc
      CidrBlock: 172.13.18.0/24
      AvailabilityZone:
        Fn::Select:
          - 1
          - Fn::GetAZs: ""
  daxVpc:
     Type: AWS::EC2::VPC
     Properties:
       CidrBlock: 172.13.0.0/16
Outputs:
  Cluster:
    Value: !Ref daxCluster
"""


@pytest.fixture(scope="module")
def cloudformation(stack):
    return stack.client("cloudformation")


@pytest.fixture(scope="module")
def dax(stack):
    return stack.client("dax")


@pytest.fixture(scope="module")
def aws(stack):
    def run(*arguments, check=True):
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": stack.key, "AWS_SECRET_ACCESS_KEY": stack.secret,
                       "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": stack.endpoint, "AWS_PAGER": ""}
        done = subprocess.run([str(pathlib.Path(sys.executable).parent / "aws"), *arguments], env=environment,
                              capture_output=True, text=True, timeout=300)
        assert not check or done.returncode == 0, done.stderr
        return done
    return run


def settled(cloudformation, name):
    """The stack once nothing is under way."""
    def look():
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return None if found["StackStatus"].endswith("_IN_PROGRESS") else found
    return eventually(look, seconds=60)


def succeeded(call, **arguments):
    try:
        return call(**arguments)
    except botocore.exceptions.ClientError:
        return None


def outputs(stack):
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def deploy(aws, name, *overrides):
    parameters = ["--parameter-overrides", *overrides] if overrides else []
    return aws("cloudformation", "deploy", "--stack-name", name, "--template-file", str(EXAMPLE),
               "--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset", *parameters)


def test_the_example_deploys_changes_and_goes(stack, aws, cloudformation, dax):
    deploy(aws, "songs", "KeepSeconds=60")
    made = settled(cloudformation, "songs")
    assert made["StackStatus"] == "CREATE_COMPLETE"
    names = outputs(made)
    cluster, = dax.describe_clusters(ClusterNames=[names["Cluster"]])["Clusters"]
    assert cluster["Status"] == "available" and cluster["TotalNodes"] == 1
    assert cluster["NodeType"] == "dax.t3.small" and cluster["SSEDescription"]["Status"] == "ENABLED"
    group = cluster["ParameterGroup"]["ParameterGroupName"]
    times = {p["ParameterName"]: p["ParameterValue"]
             for p in dax.describe_parameters(ParameterGroupName=group)["Parameters"]}
    assert times == {"record-ttl-millis": "60000", "query-ttl-millis": "60000"}
    assert dax.list_tags(ResourceName=cluster["ClusterArn"])["Tags"] == [{"Key": "application", "Value": "songs"}]
    assert names["Endpoint"] == cluster["ClusterDiscoveryEndpoint"]["URL"] == stack.endpoint

    table = boto3.resource("dynamodb", endpoint_url=stack.endpoint, region_name="us-east-1",
                           aws_access_key_id=stack.key, aws_secret_access_key=stack.secret).Table(names["Table"])
    key = {"artist": "Nina", "title": "Feeling Good"}
    table.put_item(Item={**key, "year": 1965})
    before = metric(stack, "hits")
    for _ in range(4):
        assert table.get_item(Key=key)["Item"]["year"] == 1965
    assert metric(stack, "hits") >= before + 3, "the template's cluster keeps the template's table"

    # The same again changes nothing; other parameters change it in its place.
    assert "No changes to deploy" in deploy(aws, "songs", "KeepSeconds=60").stdout
    deploy(aws, "songs", "KeepSeconds=120", "Nodes=1")
    assert settled(cloudformation, "songs")["StackStatus"] == "UPDATE_COMPLETE"
    assert outputs(settled(cloudformation, "songs"))["Table"] == names["Table"]
    assert table.get_item(Key=key)["Item"]["year"] == 1965

    # Another type of node needs another cluster; the table stays and is told of it.
    deploy(aws, "songs", "Nodes=3")
    now = outputs(settled(cloudformation, "songs"))
    assert now["Cluster"] != names["Cluster"] and now["Table"] == names["Table"]
    cluster, = dax.describe_clusters()["Clusters"]
    assert (cluster["ClusterName"], cluster["TotalNodes"], cluster["NodeType"]) == (now["Cluster"], 3, "dax.r5.large")
    assert table.get_item(Key=key)["Item"]["year"] == 1965

    arn = made["StackId"]
    aws("cloudformation", "delete-stack", "--stack-name", "songs")
    assert settled(cloudformation, arn)["StackStatus"] == "DELETE_COMPLETE"
    assert dax.describe_clusters()["Clusters"] == [] and dax.describe_subnet_groups()["SubnetGroups"] == []
    with pytest.raises(botocore.exceptions.ClientError, match="ResourceNotFoundException"):
        table.load()


def test_awss_own_example_deploys(stack, cloudformation, dax):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "dax.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = stack.client("iam").create_role(
        RoleName="DaxAccess", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    cloudformation.create_stack(StackName="create-cluster", TemplateBody=CREATE_CLUSTER.replace("ROLE", role))
    made = settled(cloudformation, "create-cluster")
    assert made["StackStatus"] == "CREATE_COMPLETE" and made["Description"] == "Create a DAX cluster"
    assert outputs(made)["Cluster"].lower() == "mydaxcluster"
    cluster, = dax.describe_clusters(ClusterNames=["MyDAXCluster"])["Clusters"]
    assert cluster["SubnetGroup"] == "cfnclustersubnetgrp" and cluster["Status"] == "available"
    resources = {r["LogicalResourceId"]: r for r in
                 cloudformation.describe_stack_resources(StackName="create-cluster")["StackResources"]}
    assert resources["subnet1"]["PhysicalResourceId"].startswith("subnet-")
    assert {r["ResourceStatus"] for r in resources.values()} == {"CREATE_COMPLETE"}
    cloudformation.delete_stack(StackName="create-cluster")
    assert settled(cloudformation, made["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(dax.exceptions.ClusterNotFoundFault):
        dax.describe_clusters(ClusterNames=["MyDAXCluster"])


def test_a_cluster_that_cannot_be_made_takes_the_rest_back(stack, cloudformation, dax):
    template = EXAMPLE.read_text().replace("dax.t3.small", "dax.nothing")
    cloudformation.create_stack(StackName="wrong", TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    made = settled(cloudformation, "wrong")
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloudformation.describe_stack_events(StackName="wrong")["StackEvents"]
    failed, = [e for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
    assert failed["LogicalResourceId"] == "Cache" and "Invalid node type" in failed["ResourceStatusReason"]
    assert dax.describe_subnet_groups()["SubnetGroups"] == []
    cloudformation.delete_stack(StackName="wrong")


def test_templates_do_what_who_deploys_them_may_do(stack, cloudformation, dax):
    iam = stack.client("iam")
    iam.create_user(UserName="deployer")
    iam.put_user_policy(UserName="deployer", PolicyName="stacks-only", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["cloudformation:*", "dax:DescribeSubnetGroups"], "Resource": "*"}]}))
    keys = iam.create_access_key(UserName="deployer")["AccessKey"]
    deployer = stack.client("cloudformation", keys["AccessKeyId"], keys["SecretAccessKey"])
    template = json.dumps({"Resources": {"Nets": {"Type": "AWS::DAX::SubnetGroup", "Properties": {
        "SubnetGroupName": "of-deployer", "SubnetIds": ["subnet-1"]}}}})
    deployer.create_stack(StackName="forbidden", TemplateBody=template)
    assert settled(deployer, "forbidden")["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [e.get("ResourceStatusReason", "") for e in
               deployer.describe_stack_events(StackName="forbidden")["StackEvents"]]
    assert any("dax:CreateSubnetGroup" in reason and "AccessDenied" in reason for reason in reasons), reasons
    deployer.delete_stack(StackName="forbidden")

    # In a role of its own CloudFormation may do what the role may.
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="builds-caches", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="builds-caches", PolicyName="dax", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dax:*", "Resource": "*"}]}))
    with pytest.raises(botocore.exceptions.ClientError, match="iam:PassRole"):
        deployer.create_stack(StackName="in-role", TemplateBody=template, RoleARN=role)
    iam.put_user_policy(UserName="deployer", PolicyName="passes", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": role}]}))
    # What policies say is known everywhere in a moment.
    eventually(lambda: succeeded(deployer.create_stack, StackName="in-role", TemplateBody=template, RoleARN=role))
    assert settled(deployer, "in-role")["StackStatus"] == "CREATE_COMPLETE"
    deployer.delete_stack(StackName="in-role")
    iam.put_user_policy(UserName="deployer", PolicyName="not-there", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Action": "cloudformation:CreateStack", "Resource": "*",
            "Condition": {"StringEquals": {"cloudformation:RoleArn": role, "aws:RequestTag/stage": "production"}}}]}))
    production = {"StackName": "in-role", "TemplateBody": template, "RoleARN": role,
                  "Tags": [{"Key": "stage", "Value": "production"}]}

    def is_refused():
        if succeeded(deployer.create_stack, **production) is None:
            return True
        deployer.delete_stack(StackName="in-role")
        return False

    eventually(is_refused)
    with pytest.raises(botocore.exceptions.ClientError, match="explicit deny"):
        deployer.create_stack(**production)
    deployer.create_stack(**production | {"Tags": []})
    deployer.delete_stack(StackName="in-role")


def test_stacks_survive_the_end_of_their_process(stack, aws, cloudformation, dax):
    ids = []
    for round in range(6):
        name = f"killed-{round}"
        ids.append(cloudformation.create_stack(StackName=name, TemplateBody=EXAMPLE.read_text(),
                                               Capabilities=["CAPABILITY_IAM"])["StackId"])
        stack.kill("apus-stacks")
        made = eventually(lambda: settled(cloudformation, name), seconds=60)
        assert made["StackStatus"] == "CREATE_COMPLETE", made
    assert len(dax.describe_clusters()["Clusters"]) == 6
    for id in ids:
        cloudformation.delete_stack(StackName=id)
    stack.kill("apus-stacks")
    for id in ids:
        assert settled(cloudformation, id)["StackStatus"] == "DELETE_COMPLETE"
    assert dax.describe_clusters()["Clusters"] == []
