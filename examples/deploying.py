"""What both examples' deploy scripts do alike, with boto3 only: nothing here knows Apus."""

import io
import json
import os
import pathlib
import zipfile

import boto3

REGION = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")


def client(service):
    """A client for the endpoint and credentials of the environment, as `apus env` prints them."""
    return boto3.client(service, region_name=REGION)


def account():
    return client("sts").get_caller_identity()["Account"]


def zip_folder(folder):
    """A deployment package of a folder's files."""
    folder = pathlib.Path(folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                package.write(path, path.relative_to(folder))
    return buffer.getvalue()


def make_role(name, principal, statements, condition=None, action="sts:AssumeRole"):
    """A role that `principal` may assume and that is allowed `statements`."""
    trust = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        trust["Condition"] = condition
    iam = client("iam")
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]
    iam.put_role_policy(
        RoleName=name, PolicyName="access",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    return role["Arn"]


LOGS = {"Effect": "Allow", "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}


def make_function(name, folder, role, environment):
    """A Python function whose handler is `handler.handle`."""
    function = client("lambda").create_function(
        FunctionName=name, Runtime="python3.11", Handler="handler.handle", Role=role, Timeout=15, MemorySize=256,
        Code={"ZipFile": zip_folder(folder)}, Environment={"Variables": environment},
    )
    client("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
    return function["FunctionArn"]


class RestApi:
    """A REST API whose methods are Lambda proxies."""

    def __init__(self, name, function):
        self.gateway = client("apigateway")
        self.function = function
        self.id = self.gateway.create_rest_api(name=name)["id"]
        root = self.gateway.get_resources(restApiId=self.id)["items"][0]
        self.resources = {"/": root["id"]}
        source = f"arn:aws:execute-api:{REGION}:{function.split(':')[4]}:{self.id}/*"
        client("lambda").add_permission(
            FunctionName=function, StatementId=f"api-{self.id}", Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com", SourceArn=source,
        )

    def resource(self, path):
        if path not in self.resources:
            parent, part = path.rsplit("/", 1)
            self.resources[path] = self.gateway.create_resource(
                restApiId=self.id, parentId=self.resource(parent or "/"), pathPart=part
            )["id"]
        return self.resources[path]

    def method(self, verb, path, authorizer=None, cache_keys=()):
        place = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        security = (
            {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": authorizer}
            if authorizer else {"authorizationType": "NONE"}
        )
        self.gateway.put_method(**place, **security, requestParameters={key: False for key in cache_keys})
        self.gateway.put_integration(
            **place, type="AWS_PROXY", integrationHttpMethod="POST", cacheKeyParameters=list(cache_keys),
            uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{self.function}/invocations",
        )

    def deploy(self, stage, cache_seconds=None):
        """Serves the API and returns its address."""
        self.gateway.create_deployment(
            restApiId=self.id, stageName=stage, cacheClusterEnabled=cache_seconds is not None, cacheClusterSize="0.5"
        )
        if cache_seconds is not None:
            self.gateway.update_stage(
                restApiId=self.id, stageName=stage,
                patchOperations=[
                    {"op": "replace", "path": "/*/*/caching/enabled", "value": "true"},
                    {"op": "replace", "path": "/*/*/caching/ttlInSeconds", "value": str(cache_seconds)},
                ],
            )
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        if endpoint:
            return f"{endpoint}/restapis/{self.id}/{stage}/_user_request_"
        return f"https://{self.id}.execute-api.{REGION}.amazonaws.com/{stage}"
