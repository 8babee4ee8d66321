"""Layers and function URLs, by boto3 and by plain HTTP."""

import io
import json
import urllib.parse
import zipfile

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})


def archive(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, text in files.items():
            zipped.writestr(name.replace("__", "/") + ".py", text)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def greeter(stack):
    role = stack.client("iam").create_role(RoleName="urls", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    functions = stack.client("lambda")
    layer = functions.publish_layer_version(
        LayerName="words", Content={"ZipFile": archive(python__words="greeting = 'hello'")})
    functions.create_function(
        FunctionName="greeter", Runtime="python3.11", Role=role, Handler="app.handler",
        Layers=[layer["LayerVersionArn"]],
        Code={"ZipFile": archive(app=(
            "import words\n"
            "def handler(event, context):\n"
            "    who = event.get('queryStringParameters', {}).get('name', 'nobody')\n"
            "    user = event['requestContext'].get('authorizer', {}).get('iam', {}).get('userArn')\n"
            "    return {'statusCode': 200, 'headers': {'Content-Type': 'text/plain', 'X-User': user or '-'},\n"
            "            'body': words.greeting + ' ' + who}\n"))})
    return functions


def get(stack, url, signed=False):
    parts = urllib.parse.urlsplit(url)
    # *.localhost is this machine, which not every resolver knows.
    address = f"{stack.endpoint}{parts.path}?{parts.query}"
    headers = {"Host": parts.netloc}
    if signed:
        request = AWSRequest("GET", address, headers=headers)
        SigV4Auth(Credentials(stack.key, stack.secret), "lambda", "us-east-1").add_auth(request)
        headers = dict(request.headers)
    return requests.get(address, headers=headers, timeout=60)


def test_a_url_open_to_everybody_needs_the_permission_and_serves_the_layer(stack, greeter):
    url = greeter.create_function_url_config(FunctionName="greeter", AuthType="NONE")["FunctionUrl"]
    assert get(stack, url).status_code == 403
    greeter.add_permission(
        FunctionName="greeter", StatementId="public", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE")
    answer = get(stack, f"{url}?name=ann")
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, "hello ann", "text/plain")
    greeter.update_function_url_config(FunctionName="greeter", AuthType="AWS_IAM")
    assert get(stack, url).status_code == 403, "the statement is for AuthType NONE only"
    signed = get(stack, f"{url}?name=root", signed=True)
    assert signed.text == "hello root" and signed.headers["X-User"].endswith(":root")
    greeter.delete_function_url_config(FunctionName="greeter")
    assert get(stack, url).status_code == 404


def test_runtimes_that_are_none_or_not_installed_say_so(stack, greeter):
    role = stack.client("iam").get_role(RoleName="urls")["Role"]["Arn"]
    for runtime, words in [("cobol85", "Value cobol85 at 'runtime' failed"), ("ruby3.4", "ruby3.4 is not installed")]:
        with pytest.raises(ClientError) as refused:
            greeter.create_function(
                FunctionName="other", Runtime=runtime, Role=role, Handler="a.b", Code={"ZipFile": archive(a="")})
        error = refused.value.response["Error"]
        assert error["Code"] == "InvalidParameterValueException" and words in error["Message"]
