"""Welcomes new subscribers. A stream may show a row twice: who was welcomed is remembered with the row."""

import os

import boto3

subscribers = boto3.resource("dynamodb").Table(os.environ["SUBSCRIBERS"])
ses = boto3.client("ses")


def handle(event, context):
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage")
        if record["eventName"] != "INSERT" or not image:
            continue
        address = image["email"]["S"]
        if subscribers.get_item(Key={"email": address}, ConsistentRead=True).get("Item", {}).get("welcomed"):
            continue
        ses.send_email(
            Source=os.environ["SENDER"], Destination={"ToAddresses": [address]},
            Message={
                "Subject": {"Data": "Welcome to MyBlog ☀"},
                "Body": {"Text": {"Data": f"Dear {address}, thank you for subscribing."}},
            },
        )
        subscribers.update_item(
            Key={"email": address}, UpdateExpression="SET welcomed = :yes", ExpressionAttributeValues={":yes": True}
        )
