"""Global tables as boto3 sees them: three regions on one endpoint."""

import time

import boto3
import pytest

REGIONS = ["us-east-1", "eu-west-1", "ap-south-1"]
HOME, EUROPE, INDIA = REGIONS


def client(stack, service, region):
    return boto3.client(service, endpoint_url=stack.endpoint, region_name=region, aws_access_key_id=stack.key,
                        aws_secret_access_key=stack.secret)


def wait_for(check, seconds=60):
    end = time.monotonic() + seconds
    while not (answer := check()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return answer


@pytest.fixture(scope="module")
def dynamodb(stack):
    return {region: client(stack, "dynamodb", region) for region in REGIONS}


def replicas(dynamodb, region, table):
    described = dynamodb[region].describe_table(TableName=table)["Table"]
    return {r["RegionName"]: r["ReplicaStatus"] for r in described.get("Replicas", [])}


def add_replica(dynamodb, table, region):
    dynamodb[HOME].update_table(TableName=table, ReplicaUpdates=[{"Create": {"RegionName": region}}])
    wait_for(lambda: replicas(dynamodb, HOME, table).get(region) == "ACTIVE")
    dynamodb[region].get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})


def remove_replica(dynamodb, table, region):
    dynamodb[HOME].update_table(TableName=table, ReplicaUpdates=[{"Delete": {"RegionName": region}}])
    wait_for(lambda: region not in replicas(dynamodb, HOME, table))


@pytest.fixture
def table(dynamodb, request):
    name = f"global-{request.node.name[5:].replace('_', '-')}"
    dynamodb[HOME].create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                                 "Projection": {"ProjectionType": "ALL"}}])
    for number in range(50):
        dynamodb[HOME].put_item(TableName=name, Item={"p": {"S": f"before {number}"}, "g": {"S": "before"}})
    for region in REGIONS[1:]:
        add_replica(dynamodb, name, region)
    yield name
    for region in list(replicas(dynamodb, HOME, name)):
        remove_replica(dynamodb, name, region)
    dynamodb[HOME].delete_table(TableName=name)


def items(dynamodb, region, table):
    return {i["p"]["S"]: i.get("v", {}).get("N") for i in dynamodb[region].scan(TableName=table)["Items"]}


def alike(dynamodb, table):
    """What all regions hold, once it is the same."""
    def check():
        first, *others = [items(dynamodb, region, table) for region in REGIONS]
        return all(other == first for other in others) and (first,)
    return wait_for(check)[0]


def records(stack, dynamodb, region, table):
    arn = dynamodb[region].describe_table(TableName=table)["Table"]["LatestStreamArn"]
    assert f":{region}:" in arn
    streams = client(stack, "dynamodbstreams", region)
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return streams.get_records(ShardIterator=iterator)["Records"]


def test_convergence(dynamodb, table, stack):
    for number, region in enumerate(REGIONS):
        dynamodb[region].put_item(TableName=table, Item={"p": {"S": region}, "v": {"N": str(number)}, "g": {"S": "x"}})
        dynamodb[region].put_item(TableName=table, Item={"p": {"S": "same"}, "v": {"N": str(number)}})
    dynamodb[INDIA].delete_item(TableName=table, Key={"p": {"S": "before 0"}})
    found = wait_for(lambda: (all_items := alike(dynamodb, table)) and len(all_items) == 53 and all_items)
    assert [found[region] for region in REGIONS] == ["0", "1", "2"] and found["same"] == "2"
    for region in REGIONS:
        answer = dynamodb[region].query(
            TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": {"S": "x"}})
        assert answer["Count"] == 3
        names = [r["dynamodb"]["Keys"]["p"]["S"] for r in records(stack, dynamodb, region, table)
                 if not r["dynamodb"]["Keys"]["p"]["S"].startswith("before")]
        assert sorted(n for n in names if n != "same") == sorted(REGIONS)


def test_descriptions(dynamodb, table):
    for region in REGIONS:
        described = dynamodb[region].describe_table(TableName=table)["Table"]
        assert described["GlobalTableVersion"] == "2019.11.21"
        assert {r["RegionName"] for r in described["Replicas"]} == set(REGIONS) - {region}
        assert described["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert f":{region}:" in described["TableArn"]
    scaling = dynamodb[HOME].describe_table_replica_auto_scaling(TableName=table)["TableAutoScalingDescription"]
    assert [r["RegionName"] for r in scaling["Replicas"]] == sorted(REGIONS)
    assert dynamodb[HOME].list_global_tables()["GlobalTables"] == []
    with pytest.raises(dynamodb[HOME].exceptions.GlobalTableNotFoundException):
        dynamodb[HOME].describe_global_table(GlobalTableName=table)


def test_settings(dynamodb, table):
    dynamodb[EUROPE].update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "end"})
    dynamodb[EUROPE].update_table(TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-g"}}])
    dynamodb[EUROPE].tag_resource(
        ResourceArn=dynamodb[EUROPE].describe_table(TableName=table)["Table"]["TableArn"],
        Tags=[{"Key": "only", "Value": "here"}])
    for region in REGIONS:
        assert dynamodb[region].describe_time_to_live(TableName=table)["TimeToLiveDescription"]["AttributeName"] == "end"
        described = dynamodb[region].describe_table(TableName=table)["Table"]
        assert "GlobalSecondaryIndexes" not in described
        tags = dynamodb[region].list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"]
        assert len(tags) == (1 if region == EUROPE else 0)


def test_expiry(dynamodb, table, stack):
    dynamodb[HOME].update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "end"})
    dynamodb[EUROPE].put_item(TableName=table, Item={"p": {"S": "mortal"}, "end": {"N": str(int(time.time()) + 1)}})
    wait_for(lambda: not any("mortal" in items(dynamodb, region, table) for region in REGIONS))

    def hands():
        return {region: [r.get("userIdentity") for r in records(stack, dynamodb, region, table)
                         if r["eventName"] == "REMOVE"] for region in REGIONS}

    removed = wait_for(lambda: (seen := hands()) and all(len(h) == 1 for h in seen.values()) and seen)
    assert sum(h[0] is not None for h in removed.values()) == 1


def test_kill(dynamodb, table, stack):
    """The service is killed with changes on their way; all of them arrive, once."""
    for round in range(3):
        for number in range(60):
            region = REGIONS[number % 3]
            dynamodb[region].put_item(TableName=table, Item={"p": {"S": f"{number}"}, "v": {"N": str(round)}})
        stack.kill("apus-tables")
        wait_for(lambda: dynamodb[HOME].list_tables())
    found = wait_for(lambda: (seen := alike(dynamodb, table)) and len(seen) == 110 and seen)
    assert all(value == "2" for key, value in found.items() if not key.startswith("before"))
    for region in REGIONS:
        written = [r["dynamodb"]["Keys"]["p"]["S"] for r in records(stack, dynamodb, region, table)]
        assert sorted(written) == sorted(3 * [str(number) for number in range(60)]), region


def test_removal(dynamodb, table):
    dynamodb[INDIA].put_item(TableName=table, Item={"p": {"S": "farewell"}})
    with pytest.raises(dynamodb[HOME].exceptions.ClientError, match="acted as a source region"):
        dynamodb[HOME].delete_table(TableName=table)
    remove_replica(dynamodb, table, INDIA)
    with pytest.raises(dynamodb[INDIA].exceptions.ResourceNotFoundException):
        dynamodb[INDIA].describe_table(TableName=table)
    for region in [HOME, EUROPE]:
        wait_for(lambda: "farewell" in items(dynamodb, region, table))
    dynamodb[EUROPE].delete_table(TableName=table)
    wait_for(lambda: not replicas(dynamodb, HOME, table))
    assert "GlobalTableVersion" not in dynamodb[HOME].describe_table(TableName=table)["Table"]


def test_legacy_version(dynamodb):
    name = "global-legacy"
    for region in [HOME, EUROPE]:
        dynamodb[region].create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    made = dynamodb[HOME].create_global_table(
        GlobalTableName=name, ReplicationGroup=[{"RegionName": HOME}, {"RegionName": EUROPE}])
    assert made["GlobalTableDescription"]["GlobalTableStatus"] == "ACTIVE"
    dynamodb[EUROPE].put_item(TableName=name, Item={"p": {"S": "a"}})
    wait_for(lambda: items(dynamodb, HOME, name) == {"a": None})
    dynamodb[HOME].update_global_table(GlobalTableName=name, ReplicaUpdates=[{"Delete": {"RegionName": EUROPE}}])
    wait_for(lambda: len(dynamodb[HOME].describe_global_table(
        GlobalTableName=name)["GlobalTableDescription"]["ReplicationGroup"]) == 1)
    with pytest.raises(dynamodb[HOME].exceptions.ReplicaNotFoundException):
        dynamodb[HOME].update_global_table(GlobalTableName=name, ReplicaUpdates=[{"Delete": {"RegionName": INDIA}}])
    for region in [HOME, EUROPE]:
        dynamodb[region].delete_table(TableName=name)
