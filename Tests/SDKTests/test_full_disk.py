"""A stack whose data lies on a disk of its own that runs full: a tmpfs, which only root may mount."""

import contextlib
import os
import pathlib
import subprocess
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

from stack import Stack

MEBIBYTES = 48


@pytest.fixture
def small(tmp_path):
    stack = Stack()
    if stack.external:
        pytest.skip("needs a stack of its own")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", stack.data],
                             capture_output=True)
    if mounted.returncode != 0:
        os.rmdir(stack.data)
        pytest.skip("a tmpfs cannot be mounted here")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(os.rmdir, stack.data)
        cleanup.callback(subprocess.run, ["umount", stack.data], check=True)
        cleanup.callback(stack.apus, "down")
        yield stack.start()


def test_tables_on_a_full_disk(small):
    dynamodb = boto3.client(
        "dynamodb", endpoint_url=small.endpoint, region_name="us-east-1", aws_access_key_id=small.key,
        aws_secret_access_key=small.secret, config=botocore.config.Config(retries={"total_max_attempts": 1}))
    dynamodb.create_table(TableName="full", BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}])
    dynamodb.get_waiter("table_exists").wait(TableName="full", WaiterConfig={"Delay": 1})

    def put(number):
        dynamodb.put_item(TableName="full", Item={"p": {"S": str(number)}, "text": {"S": "x" * 300_000}})

    put("before")
    ballast = pathlib.Path(small.data) / "ballast"
    with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
        while True:
            assert file.write(bytes(1 << 16))
    acknowledged = ["before"]
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        for number in range(200):
            put(number)
            acknowledged.append(str(number))
    assert refused.value.response["Error"]["Code"] == "InternalServerError", refused.value.response
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    # What was written is read; what was refused is not there.
    assert dynamodb.get_item(TableName="full", Key={"p": {"S": "before"}})["Item"]["text"]["S"] == "x" * 300_000
    assert sorted(i["p"]["S"] for i in scan(dynamodb)) == sorted(acknowledged)
    ballast.unlink()
    end = time.monotonic() + 30
    while True:
        try:
            put("after")
            break
        except botocore.exceptions.ClientError:
            assert time.monotonic() < end
            time.sleep(0.2)
    assert sorted(i["p"]["S"] for i in scan(dynamodb)) == sorted(acknowledged + ["after"])


def scan(dynamodb):
    return [item for page in dynamodb.get_paginator("scan").paginate(TableName="full", ProjectionExpression="p")
            for item in page["Items"]]
