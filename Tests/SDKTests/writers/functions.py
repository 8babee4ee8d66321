"""A function that notes what it is told of, and what is written around functions."""

import io
import json
import time
import zipfile

from load import Writer
from stack import eventually

from .resources import make_table, policy, scan

FUNCTION = '''
import time

import boto3
import botocore.config

table = boto3.client("dynamodb", config=botocore.config.Config(
    retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5))


def names(event):
    for record in event.get("Records", []):
        if record["eventSource"] == "aws:dynamodb":
            yield record["dynamodb"]["Keys"]["id"]["S"]
        else:
            yield record["body"]
    if "name" in event:
        yield event["name"]


def handle(event, context):
    for name in names(event):
        while True:
            try:
                table.update_item(
                    TableName="Seen", Key={"id": {"S": name}}, UpdateExpression="ADD times :one",
                    ExpressionAttributeValues={":one": {"N": "1"}})
                break
            except Exception:
                if context.get_remaining_time_in_millis() < 6000:
                    raise
                time.sleep(0.1)
'''


class Function:
    """Notes in the table `Seen` what it is told of."""

    def __init__(self, stack):
        self.stack = stack

    def prepare(self):
        make_table(self.stack, "Seen")
        iam, functions = self.stack.client("iam"), self.stack.client("lambda")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName="seer", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="seer", PolicyName="all", PolicyDocument=policy(
            {"Effect": "Allow", "Action": ["dynamodb:*", "sqs:*", "logs:*"], "Resource": "*"}))
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("handler.py", FUNCTION)
        functions.create_function(
            FunctionName="seer", Runtime="python3.11", Handler="handler.handle", Role=role, Timeout=30,
            Code={"ZipFile": package.getvalue()})

    def read(self, source, **settings):
        self.stack.client("lambda").create_event_source_mapping(
            EventSourceArn=source, FunctionName="seer", **settings)

    def seen(self):
        return {item["id"]["S"]: int(item["times"]["N"]) for item in scan(self.stack, "Seen")}


class Invocations(Writer):
    """Asynchronous invocations of a function."""

    service = "lambda"
    pause = 0.25

    def write(self, name):
        self.insist(
            self.client.invoke, FunctionName="seer", InvocationType="Event", Payload=json.dumps({"name": name}))

    def check(self):
        eventually(lambda: not self.missing(Function(self.stack).seen()), seconds=120)


class LogLines(Writer):
    """Events of a log stream."""

    service = "logs"

    def prepare(self):
        self.client.create_log_group(logGroupName="under-fire")
        self.client.create_log_stream(logGroupName="under-fire", logStreamName="lines")
        self.start = int(time.time() * 1000)

    def write(self, name):
        self.insist(
            self.client.put_log_events, logGroupName="under-fire", logStreamName="lines",
            logEvents=[{"timestamp": self.start + len(self.acknowledged), "message": name}])

    def check(self):
        pages = self.client.get_paginator("filter_log_events").paginate(logGroupName="under-fire")
        assert not self.missing(event["message"] for page in pages for event in page["events"])


class Apis(Writer):
    """REST APIs; each is born with its root resource."""

    service = "apigateway"
    pause = 0.5

    def prepare(self):
        self.ids = {}

    def write(self, name):
        self.ids[self.insist(self.client.create_rest_api, name=name)["id"]] = name

    def check(self):
        pages = self.client.get_paginator("get_rest_apis").paginate()
        apis = {api["id"]: api["name"] for page in pages for api in page["items"]}
        assert self.ids.items() <= apis.items()
        for api in apis:
            assert [resource["path"] for resource in self.client.get_resources(restApiId=api)["items"]] == ["/"]
