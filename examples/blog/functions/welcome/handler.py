"""Welcomes new subscribers. A stream may show a row twice: who was welcomed is remembered with the row.

A function may also end between the mail and the note of it. Then the row comes again, and the mail is sent again: by the same call
as the SDK counts calls, which Apus takes for another attempt of the first (`docs/operations.md`).
"""

import os
import uuid

import boto3

subscribers = boto3.resource("dynamodb").Table(os.environ["SUBSCRIBERS"])
ses = boto3.client("ses")
attempt = {}
ses.meta.events.register("before-call.ses.SendEmail", lambda context, **_: context.update(retries=dict(attempt)))


def handle(event, context):
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage")
        if record["eventName"] != "INSERT" or not image:
            continue
        address = image["email"]["S"]
        if subscribers.get_item(Key={"email": address}, ConsistentRead=True).get("Item", {}).get("welcomed"):
            continue
        attempt["invocation-id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, record["eventID"]))
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
