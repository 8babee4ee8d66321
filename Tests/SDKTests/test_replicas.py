"""Replicas of `functions` behind one name: only under compose (scripts/test-compose), which starts three."""

import io
import json
import os
import threading
import zipfile
from collections import Counter

import pytest
from stack import eventually

pytestmark = pytest.mark.skipif(not os.environ.get("APUS_TEST_COMPOSE"), reason="needs the stack of docker-compose.yml")

REPLICAS = 3
TABLE = "ReplicaEvents"
CODE = """
import boto3, uuid
ENVIRONMENT = str(uuid.uuid4())
def handle(event, context):
    if "record" in event:
        boto3.client("dynamodb").put_item(TableName="ReplicaEvents", Item={"id": {"S": event["record"]}})
    return ENVIRONMENT
"""


def package():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", CODE)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def function(stack):
    iam, name = stack.client("iam"), "replicas"
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": ["logs:*", "dynamodb:PutItem"], "Resource": "*"}
    iam.put_role_policy(
        RoleName=name, PolicyName="access",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    stack.client("dynamodb").create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    functions = stack.client("lambda")
    functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="handler.handle", Role=role, Timeout=15, MemorySize=256,
        Code={"ZipFile": package()},
    )
    return name


def invoke(client, function, payload=b"{}"):
    """The environment that answered."""
    answer = client.invoke(FunctionName=function, Payload=payload)
    assert "FunctionError" not in answer, answer["Payload"].read()
    return json.loads(answer["Payload"].read())


def all_are_well(stack):
    containers = stack.containers("functions")
    return len(containers) == REPLICAS and all(stack.is_healthy(container) for container in containers)


def test_calls_are_spread_over_the_replicas(stack, function):
    client = stack.client("lambda")
    eventually(lambda: all_are_well(stack), seconds=60)
    # One call at a time: each replica has one environment for all that it is asked.
    answers = Counter(invoke(client, function) for _ in range(10 * REPLICAS))
    assert len(answers) == REPLICAS, answers
    assert min(answers.values()) >= 5, answers


def test_a_killed_replica_costs_no_call_under_load(stack, function):
    eventually(lambda: all_are_well(stack), seconds=60)
    done, failures, over = Counter(), [], threading.Event()

    def load(number):
        client = stack.client("lambda")
        while not over.is_set():
            try:
                invoke(client, function)
                done[number] += 1
            except Exception as failure:  # noqa: BLE001 (whatever it is, it is what the test looks for)
                failures.append(repr(failure))

    threads = [threading.Thread(target=load, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for container in stack.containers("functions"):
        eventually(lambda: all_are_well(stack), seconds=60)
        before = sum(done.values())
        stack.kill_replica("functions", container)
        eventually(lambda: sum(done.values()) > before + 50, seconds=30)
    eventually(lambda: all_are_well(stack), seconds=60)
    over.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[:5]
    assert len(done) == len(threads)


def test_no_accepted_event_is_lost_when_replicas_are_killed(stack, function):
    """One replica works the queue off for all; each is killed in turn, so that one was killed at it."""
    client, table = stack.client("lambda"), stack.client("dynamodb")
    eventually(lambda: all_are_well(stack), seconds=60)
    accepted = []
    for container in stack.containers("functions"):
        for number in range(20):
            if number == 10:
                stack.kill_replica("functions", container)
            record = f"{container[:12]}-{number}"
            payload = json.dumps({"record": record}).encode()
            answer = client.invoke(FunctionName=function, InvocationType="Event", Payload=payload)
            assert answer["StatusCode"] == 202
            accepted.append(record)
        eventually(lambda: all_are_well(stack), seconds=60)

    def arrived():
        pages = table.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
        return {item["id"]["S"] for page in pages for item in page["Items"]}

    eventually(lambda: arrived() >= set(accepted), seconds=90)


def test_a_function_changed_at_one_replica_is_changed_at_all(stack, function):
    client = stack.client("lambda")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    return 'changed'\n")
    client.update_function_code(FunctionName=function, ZipFile=buffer.getvalue())
    assert {invoke(client, function) for _ in range(10 * REPLICAS)} == {"changed"}
