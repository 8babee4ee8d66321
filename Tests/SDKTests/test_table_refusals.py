"""DynamoDB's answers to requests that no SDK would send, byte by byte, and the order in which it tells faults."""

import json
import urllib.error
import urllib.request

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

VALUE = "com.amazonaws.dynamodb.v20120810.AttributeValue"


def refused(stack, operation, body):
    """The status and the answer to a signed request."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    request = AWSRequest("POST", stack.endpoint, headers=headers, data=body.encode())
    SigV4Auth(Credentials(stack.key, stack.secret), "dynamodb", "us-east-1").add_auth(request)
    sent = urllib.request.Request(stack.endpoint, body.encode(), dict(request.headers.items()), method="POST")
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(sent)
    return answer.value.code, json.loads(answer.value.read())


@pytest.mark.parametrize(("operation", "body", "message"), [
    ("GetItem", '{"TableName":[]}', "Unrecognized collection type class java.lang.String"),
    ("GetItem", '{"TableName":{}}', "Start of structure or map found where not expected"),
    ("GetItem", '{"TableName":1.5}', "DECIMAL_VALUE cannot be converted to String"),
    ("GetItem", '{"ConsistentRead":"23"}', "Unexpected token received from parser"),
    ("GetItem", '{"Key":[]}', f"Unrecognized collection type java.util.Map<java.lang.String, {VALUE}>"),
    ("GetItem", '{"Key":"a"}', "Unexpected field type"),
    ("GetItem", '{"Key":{"a":[]}}', f"Unrecognized collection type class {VALUE}"),
    ("GetItem", '{"Key":{"a":"b"}}', "Unexpected value type in payload"),
    ("GetItem", '{"Key":{"a":{"L":[1]}}}', "Unexpected value type in payload"),
    ("GetItem", '{"Key":{"a":{"SS":1}}}', "Unexpected field type"),
    ("GetItem", '{"Key":{"a":{"B":true}}}', "only base-64-encoded strings are convertible to bytes"),
    ("GetItem", '{"Key":{"a":{"B":"=+/="}}}', "Invalid last non-pad Base64 character dectected"),
    ("GetItem", '{"Key":{"a":{"NULL":"maybe"}}}', "Unexpected token received from parser"),
    ("Query", '{"Limit":"23"}', "STRING_VALUE cannot be converted to Integer"),
    ("UpdateTable", '{"ProvisionedThroughput":{"ReadCapacityUnits":[]}}',
     "Unrecognized collection type class java.lang.Long"),
    ("ListTables", '{"Limit":true}', "TRUE_VALUE cannot be converted to Integer"),
])
def test_values_of_wrong_types(stack, operation, body, message):
    assert refused(stack, operation, body) == (
        400, {"__type": "com.amazon.coral.service#SerializationException", "Message": message})


@pytest.mark.parametrize(("operation", "body", "message"), [
    ("GetItem", '{"TableName":"abc","Key":{"a":{"NULL":"no"}}}',
     "One or more parameter values were invalid: Null attribute value types must have the value of true"),
    ("PutItem", '{"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ConditionExpression":"("}',
     "1 validation error detected: "
     "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
     "{Expected} Expression parameters: {ConditionExpression}"),
    ("UpdateItem", '{"TableName":"abc","Key":{"a":{}},"ExpressionAttributeNames":{"#a":"b"}}',
     "1 validation error detected: ExpressionAttributeNames can only be specified when using expressions"),
    ("BatchGetItem", '{"RequestItems":{"abc":{"Keys":[{"a":{"S":"a"}},{"a":{"S":"a"}}]}}}',
     "Provided list of item keys contains duplicates"),
    ("Scan", '{"TableName":"abc","ExclusiveStartKey":{"a":{}}}',
     "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
     "supported datatypes"),
])
def test_the_first_of_two_faults(stack, operation, body, message):
    """Of a table that is not there, too, which is told last."""
    assert refused(stack, operation, body) == (
        400, {"__type": "com.amazon.coral.validate#ValidationException", "message": message})
