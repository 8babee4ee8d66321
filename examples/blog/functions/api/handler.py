"""The blog's public API: posts to read, and a list to subscribe to."""

import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
posts = dynamodb.Table(os.environ["POSTS"])
subscribers = dynamodb.Table(os.environ["SUBSCRIBERS"])


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps(body),
    }


def handle(event, context):
    if event["resource"] == "/posts":
        found = posts.scan(ProjectionExpression="id, title")["Items"]
        return answer(200, sorted(found, key=lambda post: post["id"]))
    if event["resource"] == "/posts/{id}":
        post = posts.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
        return answer(200, post) if post else answer(404, {"message": "There is no such post."})
    address = json.loads(event["body"] or "{}").get("email", "")
    if "@" not in address:
        return answer(400, {"message": "This is no e-mail address."})
    try:
        subscribers.put_item(Item={"email": address}, ConditionExpression="attribute_not_exists(email)")
    except dynamodb.meta.client.exceptions.ConditionalCheckFailedException:
        return answer(200, {"message": "You are subscribed already."})
    return answer(201, {"message": "Welcome!"})
