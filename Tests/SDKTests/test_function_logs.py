"""What a function prints is readable in CloudWatch Logs, as long as its role may write it."""

import io
import json
import uuid
import zipfile

from stack import eventually

CODE = "def handler(event, context):\n    print('said', event['word'])\n"


def function(stack, statements):
    """A function whose role may do what `statements` say."""
    name = f"talker-{uuid.uuid4().hex[:10]}"
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = stack.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy([trust]))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=policy(statements))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", CODE)
    stack.client("lambda").create_function(
        FunctionName=name, Runtime="python3.11", Handler="app.handler", Role=role, Code={"ZipFile": archive.getvalue()},
    )
    return name


def policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def say(stack, name, word):
    answer = stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"word": word}).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()


def heard(stack, name, word):
    logs = stack.client("logs")
    try:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern=f'"said {word}"')["events"]
    except logs.exceptions.ResourceNotFoundException:
        return False
    return bool(events)


def test_a_deleted_log_group_comes_back_with_the_next_invocation(stack):
    name = function(stack, [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}])
    say(stack, name, "first")
    eventually(lambda: heard(stack, name, "first"))
    stack.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")
    say(stack, name, "second")
    eventually(lambda: heard(stack, name, "second"))
    assert not heard(stack, name, "first")


def test_a_role_without_the_right_leaves_no_log(stack):
    silent, talker = function(stack, []), function(stack, [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}])
    say(stack, silent, "nothing")
    say(stack, talker, "something")
    # Sent after the silent one's: where this has arrived, that has been refused.
    eventually(lambda: heard(stack, talker, "something"))
    assert not heard(stack, silent, "nothing")
