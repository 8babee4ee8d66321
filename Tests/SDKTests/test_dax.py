"""DAX's control plane as boto3 sees it, and the cache it manages: tags of tables, metrics, reads that bypass it."""

import re
import urllib.request

import boto3
import botocore.exceptions
import pytest


def client(stack, service):
    return boto3.client(service, endpoint_url=stack.endpoint, region_name="us-east-1",
                        aws_access_key_id=stack.key, aws_secret_access_key=stack.secret)


@pytest.fixture(scope="module")
def dax(stack):
    return client(stack, "dax")


@pytest.fixture(scope="module")
def dynamodb(stack):
    return client(stack, "dynamodb")


@pytest.fixture(scope="module")
def role(stack):
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"dax.amazonaws.com"},' \
               '"Action":"sts:AssumeRole"}]}'
    return client(stack, "iam").create_role(RoleName="dax", AssumeRolePolicyDocument=document)["Role"]["Arn"]


def create_table(dynamodb, name, cache):
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", Tags=[{"Key": "apus:cache", "Value": cache}],
                          AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


def metric(stack, name, cache="item"):
    text = urllib.request.urlopen(stack.endpoint + "/metrics").read().decode()
    found = re.search(rf'^apus_tables_cache_{name}_total{{[^}}]*cache="{cache}"[^}}]*}} (\S+)$', text, re.MULTILINE)
    return int(float(found.group(1)))


def code(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def test_cluster_from_creation_to_deletion(stack, dax, role):
    dax.create_subnet_group(SubnetGroupName="nets", SubnetIds=["subnet-1", "subnet-2"])
    dax.create_parameter_group(ParameterGroupName="times", Description="an hour")
    dax.update_parameter_group(ParameterGroupName="times", ParameterNameValues=[
        {"ParameterName": "record-ttl-millis", "ParameterValue": "3600000"}])
    created = dax.create_cluster(
        ClusterName="Life", NodeType="dax.t3.small", ReplicationFactor=3, IamRoleArn=role, SubnetGroupName="nets",
        ParameterGroupName="times", Tags=[{"Key": "team", "Value": "songs"}],
        SSESpecification={"Enabled": True})["Cluster"]
    assert created["Status"] == "creating"
    cluster, = dax.describe_clusters(ClusterNames=["life"])["Clusters"]
    assert cluster["Status"] == "available" and cluster["ActiveNodes"] == 3
    assert cluster["ClusterDiscoveryEndpoint"]["URL"] == stack.endpoint
    assert [node["NodeId"] for node in cluster["Nodes"]] == ["life-a", "life-b", "life-c"]
    arn = cluster["ClusterArn"]
    assert dax.list_tags(ResourceName=arn)["Tags"] == [{"Key": "team", "Value": "songs"}]
    dax.tag_resource(ResourceName=arn, Tags=[{"Key": "team", "Value": "films"}])
    assert dax.untag_resource(ResourceName=arn, TagKeys=["team"])["Tags"] == [{"Key": "team", "Value": "films"}]
    dax.increase_replication_factor(ClusterName="life", NewReplicationFactor=4)
    dax.decrease_replication_factor(ClusterName="life", NewReplicationFactor=1)
    assert dax.reboot_node(ClusterName="life", NodeId="life-a")["Cluster"]["Nodes"][0]["NodeStatus"] == "rebooting"
    with pytest.raises(dax.exceptions.InvalidParameterGroupStateFault):
        dax.delete_parameter_group(ParameterGroupName="times")
    dax.update_cluster(ClusterName="life", ParameterGroupName="default.dax1.0", Description="soon gone")
    dax.delete_parameter_group(ParameterGroupName="times")
    parameters = dax.describe_parameters(ParameterGroupName="default.dax1.0")["Parameters"]
    assert {p["ParameterName"]: p["ParameterValue"] for p in parameters} == {
        "query-ttl-millis": "300000", "record-ttl-millis": "300000"}
    assert dax.delete_cluster(ClusterName="life")["Cluster"]["Status"] == "deleting"
    with pytest.raises(dax.exceptions.ClusterNotFoundFault):
        dax.describe_clusters(ClusterNames=["life"])
    dax.delete_subnet_group(SubnetGroupName="nets")
    messages = [event["Message"] for event in dax.describe_events(SourceName="life")["Events"]]
    assert messages[0] == "Cluster deleted." and messages[-1] == "Cluster created."


def test_a_table_with_a_time_is_cached(stack, dynamodb):
    create_table(dynamodb, "cached", "5m")
    key = {"p": {"S": "a"}}
    dynamodb.put_item(TableName="cached", Item={**key, "n": {"N": "1"}})
    before = metric(stack, "hits")
    for _ in range(5):
        assert dynamodb.get_item(TableName="cached", Key=key)["Item"]["n"] == {"N": "1"}
    assert metric(stack, "hits") == before + 5
    dynamodb.get_item(TableName="cached", Key=key, ConsistentRead=True)
    assert metric(stack, "hits") == before + 5, "a consistent read goes past the cache"
    dynamodb.update_item(TableName="cached", Key=key, UpdateExpression="SET n = :n",
                         ExpressionAttributeValues={":n": {"N": "2"}})
    assert dynamodb.get_item(TableName="cached", Key=key)["Item"]["n"] == {"N": "2"}
    query = dict(TableName="cached", KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": {"S": "a"}})
    before = metric(stack, "hits", "query")
    first = dynamodb.query(**query)["Items"]
    dynamodb.delete_item(TableName="cached", Key=key)
    assert dynamodb.query(**query)["Items"] == first, "pages live for their time"
    assert metric(stack, "hits", "query") == before + 1
    assert dynamodb.query(**query, ConsistentRead=True)["Items"] == []
    assert "Item" not in dynamodb.get_item(TableName="cached", Key=key)


def test_a_table_with_a_cluster_is_cached_while_it_is_there(stack, dynamodb, dax, role):
    create_table(dynamodb, "of-cluster", "songs")
    key = {"p": {"S": "a"}}
    dynamodb.put_item(TableName="of-cluster", Item=key)

    def hits(count):
        before = metric(stack, "hits")
        for _ in range(count):
            dynamodb.get_item(TableName="of-cluster", Key=key)
        return metric(stack, "hits") - before

    assert hits(3) == 0
    dax.create_cluster(ClusterName="songs", NodeType="dax.r5.large", ReplicationFactor=1, IamRoleArn=role)
    assert hits(3) == 2
    dax.delete_cluster(ClusterName="songs")
    assert hits(3) == 0


def test_tags_that_say_nothing_are_refused(dynamodb):
    create_table(dynamodb, "tagged", "off")
    arn = dynamodb.describe_table(TableName="tagged")["Table"]["TableArn"]
    tags = [{"Key": "apus:cache", "Value": "five minutes"}]
    assert code(dynamodb.tag_resource, ResourceArn=arn, Tags=tags) == "ValidationException"


def test_what_policies_do_not_allow_is_refused(stack, dax):
    iam = client(stack, "iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(
        UserName="reader", PolicyName="reads",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dax:Describe*","Resource":"*"}]}')
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = boto3.client("dax", endpoint_url=stack.endpoint, region_name="us-east-1",
                          aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"])
    reader.describe_clusters()
    assert code(reader.delete_cluster, ClusterName="songs") == "AccessDeniedException"
    assert code(dax.delete_cluster, ClusterName="none") == "ClusterNotFoundFault"
