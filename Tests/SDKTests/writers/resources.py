"""What writers write to, made as an application's owner would."""

import json


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def make_table(stack, name, **more):
    return stack.client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], **more)["TableDescription"]


def scan(stack, table):
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def make_queue(stack, name, sender=None, **attributes):
    """A queue's URL and ARN; `sender` is a service that may send to it."""
    sqs = stack.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if sender:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy({
            "Effect": "Allow", "Principal": {"Service": sender}, "Action": "sqs:SendMessage", "Resource": arn})})
    return url, arn
