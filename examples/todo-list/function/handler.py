"""The todo list's API. API Gateway has checked the token: its claims say whose items these are."""

import json
import os
import uuid

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def answer(status, body=None):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": "" if body is None else json.dumps(body),
    }


def handle(event, context):
    owner = event["requestContext"]["authorizer"]["claims"]["sub"]
    method = event["httpMethod"]
    item = (event.get("pathParameters") or {}).get("id")
    print(json.dumps({"method": method, "path": event["path"]}))
    if method == "GET":
        found = table.query(KeyConditionExpression=Key("owner").eq(owner))["Items"]
        return answer(200, [{"id": i["id"], "text": i["text"], "done": i["done"]} for i in found])
    if method == "POST":
        todo = {"owner": owner, "id": str(uuid.uuid4()), "text": json.loads(event["body"])["text"], "done": False}
        table.put_item(Item=todo)
        return answer(201, {"id": todo["id"]})
    if method == "PUT":
        try:
            table.update_item(
                Key={"owner": owner, "id": item}, UpdateExpression="SET done = :done",
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeValues={":done": json.loads(event["body"])["done"]},
            )
        except table.meta.client.exceptions.ConditionalCheckFailedException:
            return answer(404, {"message": "There is no such item."})
        return answer(204)
    if method == "DELETE":
        table.delete_item(Key={"owner": owner, "id": item})
        return answer(204)
    return answer(405)
