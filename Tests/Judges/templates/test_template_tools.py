"""Tools that make and deploy templates, of others and unmodified, configured as for AWS: by AWS's variables."""

import os
import pathlib
import subprocess
import sys
import time
import uuid

import boto3
import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples/cached-table/template.yaml"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": ["dax.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}]}


@pytest.fixture
def cloudformation():
    return boto3.client("cloudformation")


@pytest.fixture
def name():
    return f"judged-{uuid.uuid4().hex[:8]}"


def settled(cloudformation, name):
    deadline = time.monotonic() + 60
    while True:
        stack, = cloudformation.describe_stacks(StackName=name)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        assert time.monotonic() < deadline, stack
        time.sleep(0.1)


def deployed(cloudformation, name, template):
    """The stack's outputs; it is gone afterwards."""
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    stack = settled(cloudformation, name)
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failures = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    assert stack["StackStatus"] == "CREATE_COMPLETE" and not failures, failures
    kinds = {r["ResourceType"] for r in cloudformation.describe_stack_resources(StackName=name)["StackResources"]}
    clusters = boto3.client("dax").describe_clusters()["Clusters"]
    cloudformation.delete_stack(StackName=name)
    assert settled(cloudformation, stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert boto3.client("dax").describe_clusters()["Clusters"] == []
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}, kinds, clusters


def run(*command, folder=None):
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run([str(pathlib.Path(sys.executable).parent / command[0]), *command[1:]], env=environment,
                          cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_what_the_cdk_makes_of_a_program(cloudformation, name, tmp_path):
    import aws_cdk as cdk
    from aws_cdk import aws_dax as dax, aws_dynamodb as dynamodb, aws_ec2 as ec2, aws_iam as iam

    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Songs", synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False))
    network = ec2.Vpc(stack, "Network", max_azs=2, restrict_default_security_group=False)
    access = ec2.SecurityGroup(stack, "Access", vpc=network)
    access.add_ingress_rule(ec2.Peer.ipv4(network.vpc_cidr_block), ec2.Port.tcp(8111))
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("dax.amazonaws.com"))
    subnets = dax.CfnSubnetGroup(stack, "Subnets", subnet_ids=[s.subnet_id for s in network.private_subnets])
    times = dax.CfnParameterGroup(stack, "Times", parameter_name_values={"record-ttl-millis": "60000"})
    cluster = dax.CfnCluster(
        stack, "Cluster", iam_role_arn=role.role_arn, node_type="dax.t3.small", replication_factor=3,
        subnet_group_name=subnets.ref, parameter_group_name=times.ref, tags={"team": "songs"},
        security_group_ids=[access.security_group_id],
        sse_specification=dax.CfnCluster.SSESpecificationProperty(sse_enabled=True))
    table = dynamodb.Table(
        stack, "Table", partition_key=dynamodb.Attribute(name="p", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST, stream=dynamodb.StreamViewType.NEW_IMAGE,
        removal_policy=cdk.RemovalPolicy.DESTROY)
    table.add_global_secondary_index(
        index_name="by-q", partition_key=dynamodb.Attribute(name="q", type=dynamodb.AttributeType.NUMBER))
    cdk.Tags.of(table).add("apus:cache", cluster.ref)
    table.grant_read_write_data(role)
    cdk.CfnOutput(stack, "Name", value=cluster.ref)
    app.synth()

    outputs, kinds, clusters = deployed(cloudformation, name, (tmp_path / "Songs.template.json").read_text())
    assert [cluster["ClusterName"] for cluster in clusters] == [outputs["Name"]]
    assert {"AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::IAM::Policy", "AWS::DynamoDB::Table"} <= kinds


def test_what_troposphere_makes_of_a_program(cloudformation, name):
    from troposphere import GetAtt, Output, Parameter, Ref, Template, dax, iam

    template = Template()
    nodes = template.add_parameter(Parameter("Nodes", Type="Number", Default="3"))
    role = template.add_resource(iam.Role("Role", AssumeRolePolicyDocument=TRUST))
    times = template.add_resource(dax.ParameterGroup(
        "Times", ParameterNameValues={"query-ttl-millis": 75000, "record-ttl-millis": 88000}))
    cluster = template.add_resource(dax.Cluster(
        "Cluster", IAMRoleARN=GetAtt(role, "Arn"), NodeType="dax.r4.large", ReplicationFactor=Ref(nodes),
        ParameterGroupName=Ref(times), Tags={"a": "b"}))
    template.add_output(Output("Endpoint", Value=GetAtt(cluster, "ClusterDiscoveryEndpoint")))
    outputs, _, clusters = deployed(cloudformation, name, template.to_json())
    address = clusters[0]["ClusterDiscoveryEndpoint"]
    assert outputs["Endpoint"] == f"{address['Address']}:{address['Port']}" and clusters[0]["TotalNodes"] == 3


def test_the_sam_cli_deploys_and_deletes(cloudformation, name):
    boto3.client("s3").create_bucket(Bucket=name)
    deploy = ["sam", "deploy", "--template-file", str(EXAMPLE), "--stack-name", name, "--s3-bucket", name, "--region",
              "us-east-1", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    assert "Successfully created/updated stack" in run(*deploy)
    assert "No changes to deploy" in run(*deploy)
    assert "Successfully created/updated stack" in run(*deploy, "--parameter-overrides", "KeepSeconds=30")
    assert settled(cloudformation, name)["StackStatus"] == "UPDATE_COMPLETE"
    assert "Deleted successfully" in run(
        "sam", "delete", "--stack-name", name, "--no-prompts", "--region", "us-east-1", "--s3-bucket", name)
    assert boto3.client("dax").describe_clusters()["Clusters"] == []


def test_sceptre_launches_and_deletes(name, tmp_path):
    for folder in ("config/dev", "templates"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config/config.yaml").write_text(f"project_code: {name}\nregion: us-east-1\n")
    (tmp_path / "config/dev/cache.yaml").write_text(
        "template: {path: cache.yaml, type: file}\nparameters: {KeepSeconds: '45'}\n")
    (tmp_path / "templates/cache.yaml").write_text(EXAMPLE.read_text())
    run("sceptre", "validate", "dev/cache.yaml", folder=tmp_path)
    run("sceptre", "launch", "-y", "dev/cache.yaml", folder=tmp_path)
    assert '"dev/cache": "CREATE_COMPLETE"' in run("sceptre", "status", "dev/cache.yaml", folder=tmp_path)
    run("sceptre", "launch", "-y", "dev/cache.yaml", folder=tmp_path)
    run("sceptre", "delete", "-y", "dev/cache.yaml", folder=tmp_path)
    assert boto3.client("dax").describe_clusters()["Clusters"] == []
