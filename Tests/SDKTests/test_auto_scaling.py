"""Application Auto Scaling as boto3 sees it: what Terraform and CDK ask of it, and what it does to tables."""

import datetime
import json
import re
import time
import uuid

import boto3
import botocore.exceptions
import pytest

READ = "dynamodb:table:ReadCapacityUnits"
WRITE = "dynamodb:table:WriteCapacityUnits"


def client(stack, service, region="us-east-1", key=None, secret=None):
    return boto3.client(service, endpoint_url=stack.endpoint, region_name=region,
                        aws_access_key_id=key or stack.key, aws_secret_access_key=secret or stack.secret)


@pytest.fixture(scope="module")
def scaling(stack):
    return client(stack, "application-autoscaling")


@pytest.fixture(scope="module")
def dynamodb(stack):
    return client(stack, "dynamodb")


@pytest.fixture
def table(dynamodb):
    name = f"songs-{uuid.uuid4().hex[:8]}"
    capacity = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    dynamodb.create_table(
        TableName=name, ProvisionedThroughput=capacity,
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in "pg"],
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                                 "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": capacity}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


def target(table, dimension=WRITE):
    index = "/index/by-g" if ":index:" in dimension else ""
    return {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{table}{index}", "ScalableDimension": dimension}


def tracking(direction="Write", value=70.0, **more):
    return {"PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": value, "PredefinedMetricSpecification": {
            "PredefinedMetricType": f"DynamoDB{direction}CapacityUtilization"}, **more}}


def units(dynamodb, table):
    capacity = dynamodb.describe_table(TableName=table)["Table"]["ProvisionedThroughput"]
    return capacity["ReadCapacityUnits"], capacity["WriteCapacityUnits"]


def error(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    details = caught.value.response["Error"]
    return details["Code"], details["Message"]


def test_target_as_terraform_makes_it(scaling, dynamodb, table):
    arn = scaling.register_scalable_target(
        **target(table), MinCapacity=7, MaxCapacity=40, Tags={"team": "songs"})["ScalableTargetARN"]
    assert re.fullmatch(r"arn:aws:application-autoscaling:us-east-1:\d{12}:scalable-target/[a-z0-9]+", arn)
    assert units(dynamodb, table) == (5, 7)
    [found] = scaling.describe_scalable_targets(
        ServiceNamespace="dynamodb", ResourceIds=[f"table/{table}"], ScalableDimension=WRITE)["ScalableTargets"]
    assert found["ScalableTargetARN"] == arn
    assert (found["MinCapacity"], found["MaxCapacity"]) == (7, 40)
    assert found["RoleARN"].endswith("/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable")
    assert found["SuspendedState"] == {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False,
                                       "ScheduledScalingSuspended": False}
    age = datetime.datetime.now(datetime.timezone.utc) - found["CreationTime"]
    assert abs(age) < datetime.timedelta(minutes=1)
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "songs"}
    scaling.tag_resource(ResourceARN=arn, Tags={"more": "yes"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"more": "yes"}
    [activity] = scaling.describe_scaling_activities(
        ServiceNamespace="dynamodb", ResourceId=f"table/{table}")["ScalingActivities"]
    assert activity["Description"] == "Setting write capacity units to 7."
    assert activity["Cause"] == "minimum capacity was set to 7"
    assert activity["StatusCode"] == "Successful"
    scaling.deregister_scalable_target(**target(table))
    assert error(scaling.list_tags_for_resource, ResourceARN=arn)[0] == "ResourceNotFoundException"
    assert error(scaling.deregister_scalable_target, **target(table))[0] == "ObjectNotFoundException"
    assert units(dynamodb, table) == (5, 7)


def test_policy_as_terraform_makes_it(scaling, table):
    scaling.register_scalable_target(**target(table, READ), MinCapacity=1, MaxCapacity=40)
    name = f"DynamoDBReadCapacityUtilization:table/{table}"
    put = scaling.put_scaling_policy(
        PolicyName=name, **target(table, READ), **tracking("Read", 70.0, ScaleInCooldown=60, ScaleOutCooldown=30))
    assert put["PolicyARN"].startswith("arn:aws:autoscaling:us-east-1:")
    assert put["PolicyARN"].endswith(f":resource/dynamodb/table/{table}:policyName/{name}")
    assert any(a["AlarmName"].startswith(f"TargetTracking-table/{table}-AlarmHigh-") for a in put["Alarms"])
    assert any(a["AlarmName"].startswith(f"TargetTracking-table/{table}-AlarmLow-") for a in put["Alarms"])
    [policy] = scaling.describe_scaling_policies(
        ServiceNamespace="dynamodb", ResourceId=f"table/{table}", ScalableDimension=READ,
        PolicyNames=[name])["ScalingPolicies"]
    assert policy["PolicyARN"] == put["PolicyARN"] and policy["Alarms"] == put["Alarms"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == tracking(
        "Read", 70.0, ScaleInCooldown=60, ScaleOutCooldown=30)["TargetTrackingScalingPolicyConfiguration"]
    assert error(scaling.put_scaling_policy, PolicyName="other", **target(table, READ), **tracking("Read")) == (
        "ValidationException",
        "Only one TargetTrackingScaling policy for a given metric specification is allowed.")
    scaling.delete_scaling_policy(PolicyName=name, **target(table, READ))
    assert error(scaling.delete_scaling_policy, PolicyName=name, **target(table, READ))[0] == "ObjectNotFoundException"


def test_everything_cdk_scales(scaling, table):
    """`autoScaleReadCapacity`, `autoScaleWriteCapacity` and the same of an index, as its stacks register them."""
    for dimension in [READ, WRITE, "dynamodb:index:ReadCapacityUnits", "dynamodb:index:WriteCapacityUnits"]:
        scaling.register_scalable_target(**target(table, dimension), MinCapacity=5, MaxCapacity=50, RoleARN=(
            "arn:aws:iam::000000000000:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"))
        scaling.put_scaling_policy(PolicyName=f"Tracking{dimension}", **target(table, dimension),
                                   **tracking("Read" if "Read" in dimension else "Write"))
    resources = [f"table/{table}", f"table/{table}/index/by-g"]
    pages = scaling.get_paginator("describe_scalable_targets").paginate(
        ServiceNamespace="dynamodb", ResourceIds=resources, PaginationConfig={"PageSize": 3})
    assert len([t for page in pages for t in page["ScalableTargets"]]) == 4
    pages = scaling.get_paginator("describe_scaling_policies").paginate(
        ServiceNamespace="dynamodb", PaginationConfig={"PageSize": 1})
    assert len([p for page in pages for p in page["ScalingPolicies"] if p["ResourceId"] in resources]) == 4


def test_schedule_is_kept_to_the_second(scaling, dynamodb, table):
    scaling.register_scalable_target(**target(table), MinCapacity=1, MaxCapacity=40)
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    action = {**target(table), "ScheduledActionName": "morning"}
    scaling.put_scheduled_action(**action, Schedule=f"at({due:%Y-%m-%dT%H:%M:%S})",
                                 ScalableTargetAction={"MinCapacity": 9, "MaxCapacity": 20})
    assert units(dynamodb, table) == (5, 5)
    deadline = time.monotonic() + 15
    while units(dynamodb, table) != (5, 9) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert units(dynamodb, table) == (5, 9)
    activities = scaling.describe_scaling_activities(
        ServiceNamespace="dynamodb", ResourceId=f"table/{table}", ScalableDimension=WRITE)["ScalingActivities"]
    assert [a["Description"] for a in activities] == [
        "Setting write capacity units to 9.", "Setting min capacity to 9 and max capacity to 20"]
    assert abs((activities[0]["StartTime"] - due).total_seconds()) < 5
    scaling.put_scheduled_action(**action, Schedule="cron(0 8 ? * MON-FRI *)", Timezone="Europe/Berlin")
    [found] = scaling.describe_scheduled_actions(
        ServiceNamespace="dynamodb", ScheduledActionNames=["morning"])["ScheduledActions"]
    assert found["Schedule"] == "cron(0 8 ? * MON-FRI *)" and found["Timezone"] == "Europe/Berlin"
    assert found["ScalableTargetAction"] == {"MinCapacity": 9, "MaxCapacity": 20}
    assert found["ScheduledActionARN"].endswith(f":resource/dynamodb/table/{table}:scheduledActionName/morning")
    scaling.delete_scheduled_action(**action)
    assert error(scaling.delete_scheduled_action, **action)[0] == "ObjectNotFoundException"


def test_other_services_are_refused_by_name(scaling):
    ecs = {"ServiceNamespace": "ecs", "ResourceId": "service/default/web", "ScalableDimension": "ecs:service:DesiredCount"}
    code, message = error(scaling.register_scalable_target, **ecs, MinCapacity=1, MaxCapacity=2)
    assert code == "ValidationException" and "ecs is not" in message
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    assert error(scaling.get_predictive_scaling_forecast, **ecs, PolicyName="p", StartTime=0, EndTime=1)[0] \
        == "ValidationException"


@pytest.mark.parametrize("change, code", [
    ({"ResourceId": "table/none-of-that-name"}, "ValidationException"),
    ({"ResourceId": "table/../etc"}, "ValidationException"),
    ({"ResourceId": "x" * 1601}, "ValidationException"),
    ({"ResourceId": "table/ \u2603"}, "ValidationException"),
    ({"ScalableDimension": "dynamodb:index:ReadCapacityUnits"}, "ValidationException"),
    ({"ServiceNamespace": "nonsense"}, "ValidationException"),
    ({"MinCapacity": 41}, "ValidationException"),
    ({"MinCapacity": 0}, "ValidationException"),
    ({"MaxCapacity": -1}, "ValidationException"),
    ({"MaxCapacity": 2 ** 31}, "ValidationException"),
    ({"MinCapacity": 2 ** 63 - 1, "MaxCapacity": 2 ** 63 - 1}, "ValidationException"),
    ({"RoleARN": "arn:aws:iam::999999999999:role/theirs"}, "AccessDeniedException"),
])
def test_hostile_targets(scaling, table, change, code):
    arguments = {**target(table), "MinCapacity": 1, "MaxCapacity": 40, **change}
    assert error(scaling.register_scalable_target, **arguments)[0] == code
    assert scaling.describe_scalable_targets(
        ServiceNamespace="dynamodb", ResourceIds=[f"table/{table}"])["ScalableTargets"] == []


def test_permissions(stack, scaling, table):
    iam = client(stack, "iam")
    iam.create_user(UserName="scaler")
    key = iam.create_access_key(UserName="scaler")["AccessKey"]
    mine = client(stack, "application-autoscaling", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    arguments = {**target(table), "MinCapacity": 1, "MaxCapacity": 40}
    assert error(mine.register_scalable_target, **arguments)[0] == "AccessDeniedException"
    iam.put_user_policy(UserName="scaler", PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "application-autoscaling:RegisterScalableTarget", "Resource": "*",
            "Condition": {"StringEquals": {"application-autoscaling:scalable-dimension": WRITE}}}]}))
    deadline = time.monotonic() + 10
    while True:
        try:
            mine.register_scalable_target(**arguments)
            break
        except botocore.exceptions.ClientError as refused:
            assert refused.response["Error"]["Code"] == "AccessDeniedException" and time.monotonic() < deadline
            time.sleep(0.2)
    assert error(mine.register_scalable_target, **{**arguments, "ScalableDimension": READ})[0] == "AccessDeniedException"
    assert error(mine.describe_scalable_targets, ServiceNamespace="dynamodb")[0] == "AccessDeniedException"


def test_global_table(stack, scaling, dynamodb, table):
    dynamodb.update_table(TableName=table, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    deadline = time.monotonic() + 30
    while True:
        replicas = dynamodb.describe_table(TableName=table)["Table"].get("Replicas", [])
        if [r["ReplicaStatus"] for r in replicas] == ["ACTIVE"] or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    policy = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60.0}}
    update = {"MinimumUnits": 6, "MaximumUnits": 60, "ScalingPolicyUpdate": policy}
    answer = dynamodb.update_table_replica_auto_scaling(
        TableName=table, ProvisionedWriteCapacityAutoScalingUpdate=update, ReplicaUpdates=[{
            "RegionName": "eu-west-1", "ReplicaProvisionedReadCapacityAutoScalingUpdate": {
                **update, "MinimumUnits": 8}}])["TableAutoScalingDescription"]
    assert answer == dynamodb.describe_table_replica_auto_scaling(TableName=table)["TableAutoScalingDescription"]
    europe, home = answer["Replicas"]
    assert [europe["RegionName"], home["RegionName"]] == ["eu-west-1", "us-east-1"]
    for replica in europe, home:
        writes = replica["ReplicaProvisionedWriteCapacityAutoScalingSettings"]
        assert (writes["MinimumUnits"], writes["MaximumUnits"]) == (6, 60)
        assert writes["ScalingPolicies"] == [
            {"PolicyName": f"DynamoDBWriteCapacityUtilization:table/{table}", **policy}]
    assert europe["ReplicaProvisionedReadCapacityAutoScalingSettings"]["MinimumUnits"] == 8
    assert home["ReplicaProvisionedReadCapacityAutoScalingSettings"] == {
        "AutoScalingDisabled": True, "ScalingPolicies": []}
    there = client(stack, "dynamodb", "eu-west-1")
    assert units(dynamodb, table) == (5, 6)
    assert units(there, table) == (8, 6)
    theirs = client(stack, "application-autoscaling", "eu-west-1").describe_scalable_targets(
        ServiceNamespace="dynamodb", ResourceIds=[f"table/{table}"])["ScalableTargets"]
    assert [t["ScalableDimension"] for t in theirs] == [READ, WRITE]
    assert error(dynamodb.update_table_replica_auto_scaling, TableName=table)[0] == "ValidationException"
