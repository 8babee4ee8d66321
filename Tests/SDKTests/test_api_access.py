"""Who may use a REST API: Lambda authorizers, API keys and usage plans."""

import io
import json
import time
import zipfile

import pytest
import requests

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})
CODE = """
import json
calls = 0

def policy(arn, effect, who):
    return {'principalId': who, 'context': {'calls': calls, 'vip': True, 'who': who},
            'usageIdentifierKey': 'a-key-of-the-authorizer',
            'policyDocument': {'Version': '2012-10-17', 'Statement': [
                {'Action': 'execute-api:Invoke', 'Effect': effect, 'Resource': arn}]}}

def authorize(event, context):
    global calls
    calls += 1
    token = event.get('authorizationToken') or event['headers']['X-Who'] + event['queryStringParameters']['q']
    if token == 'nobody':
        raise Exception('Unauthorized')
    if token == 'broken':
        return {'principalId': 'x'}
    return policy(event['methodArn'], 'Deny' if token == 'eve' else 'Allow', token)

def serve(event, context):
    known = {'authorizer': event['requestContext'].get('authorizer'), 'identity': event['requestContext']['identity']}
    return {'statusCode': 200, 'body': json.dumps(known)}
"""


@pytest.fixture(scope="module")
def api(stack):
    """GET /token, /request, /key, /both of one deployed API; the key's plan admits two requests at once."""
    role = stack.client("iam").create_role(RoleName="api-access", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    functions, gateway = stack.client("lambda"), stack.client("apigateway")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("app.py", CODE)
    uris = {}
    for name in ("authorize", "serve"):
        arn = functions.create_function(
            FunctionName=f"access-{name}", Runtime="python3.11", Role=role, Handler=f"app.{name}",
            Code={"ZipFile": buffer.getvalue()})["FunctionArn"]
        functions.add_permission(
            FunctionName=arn, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com")
        uris[name] = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    made = gateway.create_rest_api(name="access")
    rest = made["id"]
    token = gateway.create_authorizer(
        restApiId=rest, name="token", type="TOKEN", authorizerUri=uris["authorize"],
        identitySource="method.request.header.Authorization", identityValidationExpression="[a-z]+")["id"]
    request = gateway.create_authorizer(
        restApiId=rest, name="request", type="REQUEST", authorizerUri=uris["authorize"], authorizerResultTtlInSeconds=0,
        identitySource="method.request.header.X-Who, method.request.querystring.q")["id"]
    for part, authorizer, keyed in (("token", token, False), ("request", request, False), ("key", None, True)):
        resource = gateway.create_resource(restApiId=rest, parentId=made["rootResourceId"], pathPart=part)["id"]
        how = {"authorizationType": "CUSTOM", "authorizerId": authorizer} if authorizer else {"authorizationType": "NONE"}
        gateway.put_method(restApiId=rest, resourceId=resource, httpMethod="GET", apiKeyRequired=keyed, **how)
        gateway.put_integration(
            restApiId=rest, resourceId=resource, httpMethod="GET", type="AWS_PROXY", integrationHttpMethod="POST",
            uri=uris["serve"])
    gateway.create_deployment(restApiId=rest, stageName="prod")

    def get(path, **options):
        return requests.get(f"{stack.endpoint}/restapis/{rest}/prod/_user_request_{path}", timeout=60, **options)

    get.id = rest
    return get


def test_a_token_authorizer_decides_and_is_remembered(api):
    assert api("/token").status_code == 401
    assert api("/token", headers={"Authorization": "NOT-THE-FORM"}).status_code == 401
    first = api("/token", headers={"Authorization": "ann"})
    assert first.status_code == 200, first.text
    known = first.json()["authorizer"]
    assert (known["principalId"], known["who"], known["vip"]) == ("ann", "ann", "true")
    again = api("/token", headers={"Authorization": "ann"}).json()["authorizer"]
    assert again["calls"] == known["calls"], "the function is not asked again"
    denied = api("/token", headers={"Authorization": "eve"})
    assert denied.status_code == 403
    assert denied.json()["Message"] == "User is not authorized to access this resource with an explicit deny"
    assert api("/token", headers={"Authorization": "nobody"}).status_code == 401
    assert api("/token", headers={"Authorization": "broken"}).status_code == 500


def test_a_request_authorizer_sees_the_request_and_is_asked_each_time(api):
    assert api("/request", headers={"X-Who": "b"}).status_code == 401, "an identity source is missing"
    answers = [api("/request?q=ob", headers={"X-Who": "b"}) for _ in range(2)]
    known = [answer.json()["authorizer"] for answer in answers]
    assert [one["who"] for one in known] == ["bob", "bob"]
    assert known[0]["calls"] != known[1]["calls"]


def test_a_key_is_asked_for_throttled_and_counted(stack, api):
    gateway = stack.client("apigateway")
    key = gateway.create_api_key(name="shop", enabled=True)
    assert api("/key").status_code == 403
    assert api("/key", headers={"x-api-key": key["value"]}).status_code == 403, "the key is in no plan"
    plan = gateway.create_usage_plan(
        name="few", apiStages=[{"apiId": api.id, "stage": "prod"}], quota={"limit": 3, "period": "DAY"},
        throttle={"rateLimit": 1000, "burstLimit": 1000})["id"]
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    end = time.monotonic() + 20
    while (answer := api("/key", headers={"x-api-key": key["value"]})).status_code == 403:
        assert time.monotonic() < end, "the gateway never heard of the plan"
        time.sleep(0.1)
    assert answer.status_code == 200
    assert answer.json()["identity"]["apiKeyId"] == key["id"]
    statuses = [api("/key", headers={"x-api-key": key["value"]}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    usage = gateway.get_usage(usagePlanId=plan, startDate=today, endDate=today)["items"]
    assert usage == {key["id"]: [[3, 0]]}
