"""MyTodoList, used as its users do: with pycognito, a token and temporary credentials."""

import re
import time
import uuid

import botocore
import botocore.config
import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from stack import eventually

PASSWORD = "Correct-horse-7"


@pytest.fixture(scope="module")
def application(stack):
    return stack.deploy("todo-list")


class User:
    """Somebody with a mailbox, who signs up, confirms and signs in."""

    def __init__(self, stack, sink, application):
        self.stack, self.application = stack, application
        self.email = f"{uuid.uuid4().hex[:10]}@example.com"
        self.cognito = boto3.client(
            "cognito-idp", region_name="us-east-1", endpoint_url=stack.endpoint,
            config=botocore.config.Config(signature_version=botocore.UNSIGNED),
        )
        self.cognito.sign_up(
            ClientId=application["client"], Username=self.email, Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": self.email}],
        )
        mail = eventually(lambda: sink.to(self.email))[0]
        code = re.search(r"\d{6}", mail.get_content()).group()
        self.cognito.confirm_sign_up(ClientId=application["client"], Username=self.email, ConfirmationCode=code)
        self.tokens = self.sign_in()["AuthenticationResult"]

    def sign_in(self, password=PASSWORD):
        return AWSSRP(
            username=self.email, password=password, pool_id=self.application["userPool"],
            client_id=self.application["client"], client=self.cognito,
        ).authenticate_user()

    def request(self, method, path, **options):
        return requests.request(
            method, self.application["api"] + path, headers={"Authorization": self.tokens["IdToken"]}, timeout=30,
            **options,
        )

    def s3(self):
        """The identity of this user, and S3 with its credentials."""
        identity = boto3.client(
            "cognito-identity", region_name="us-east-1", endpoint_url=self.stack.endpoint,
            config=botocore.config.Config(signature_version=botocore.UNSIGNED),
        )
        logins = {self.application["provider"]: self.tokens["IdToken"]}
        name = identity.get_id(IdentityPoolId=self.application["identityPool"], Logins=logins)["IdentityId"]
        keys = identity.get_credentials_for_identity(IdentityId=name, Logins=logins)["Credentials"]
        client = self.stack.client("s3", keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])
        return name, client


@pytest.fixture(scope="module")
def ann(stack, sink, application):
    return User(stack, sink, application)


@pytest.fixture(scope="module")
def bob(stack, sink, application):
    return User(stack, sink, application)


def test_without_a_token_the_api_answers_401(application):
    for headers in ({}, {"Authorization": "nonsense"}):
        answer = requests.get(application["api"] + "/todos", headers=headers, timeout=30)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_a_token_changed_in_one_letter_is_refused(ann, application):
    head, body, signature = ann.tokens["IdToken"].split(".")
    forged = f"{head}.{body}.{'A' if signature[9] != 'A' else 'B'}".join(["", signature[10:]])
    answer = requests.get(application["api"] + "/todos", headers={"Authorization": forged}, timeout=30)
    assert answer.status_code == 401


def todos(user):
    answer = user.request("GET", "/todos")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_items_of_one_user_are_invisible_to_another(ann, bob):
    created = ann.request("POST", "/todos", json={"text": "Buy milk"})
    assert created.status_code == 201, created.text
    item = created.json()["id"]
    assert [todo["text"] for todo in todos(ann)] == ["Buy milk"]
    assert todos(bob) == []
    assert bob.request("PUT", f"/todos/{item}", json={"done": True}).status_code == 404
    assert ann.request("PUT", f"/todos/{item}", json={"done": True}).status_code == 204
    assert ann.request("DELETE", f"/todos/{item}").status_code == 204


def test_reads_are_cached(stack, ann, application):
    def invocations():
        logs = stack.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{application['function']}", filterPattern="START"
        )
        try:
            return sum(len(page["events"]) for page in pages)
        except logs.exceptions.ResourceNotFoundException:
            # The group comes with its first events, a moment after the invocation.
            return 0

    def settled():
        """The number of invocations once the log, which is written behind them, has come to rest."""
        count = invocations()
        time.sleep(1.5)
        return count if count and invocations() == count else None

    first = todos(ann)
    before = eventually(settled)
    assert all(todos(ann) == first for _ in range(10))
    ann.request("POST", "/todos", json={"text": "Something to make a log line"})
    assert eventually(lambda: settled() if invocations() > before else None) == before + 1


def test_each_user_has_a_folder_of_their_own(ann, bob, application):
    bucket = application["bucket"]
    name, s3 = ann.s3()
    s3.put_object(Bucket=bucket, Key=f"private/{name}/photo.txt", Body=b"mine")
    assert s3.get_object(Bucket=bucket, Key=f"private/{name}/photo.txt")["Body"].read() == b"mine"
    stranger, other = bob.s3()
    assert stranger != name
    for attempt in (
        lambda: other.get_object(Bucket=bucket, Key=f"private/{name}/photo.txt"),
        lambda: other.put_object(Bucket=bucket, Key=f"private/{name}/photo.txt", Body=b"theirs"),
        lambda: other.put_object(Bucket=bucket, Key="elsewhere.txt", Body=b"theirs"),
        lambda: other.list_objects_v2(Bucket=bucket),
    ):
        with pytest.raises(ClientError) as refusal:
            attempt()
        assert refusal.value.response["Error"]["Code"] == "AccessDenied"
    assert s3.get_object(Bucket=bucket, Key=f"private/{name}/photo.txt")["Body"].read() == b"mine"


def test_a_wrong_password_is_refused_and_a_refresh_gives_new_tokens(ann, application):
    with pytest.raises(ann.cognito.exceptions.NotAuthorizedException, match="Incorrect username or password"):
        ann.sign_in("Wrong-horse-7")
    refreshed = ann.cognito.initiate_auth(
        ClientId=application["client"], AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": ann.tokens["RefreshToken"]},
    )["AuthenticationResult"]
    assert refreshed["IdToken"] != ann.tokens["IdToken"]


def test_the_pool_publishes_what_clients_verify_tokens_with(stack, ann, application):
    issuer = f"{stack.endpoint}/{application['userPool']}"
    configuration = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
    assert configuration["issuer"] == issuer
    keys = requests.get(configuration["jwks_uri"], timeout=30).json()["keys"]
    import jwt
    key = jwt.PyJWK(keys[0])
    claims = jwt.decode(ann.tokens["IdToken"], key.key, algorithms=["RS256"], audience=application["client"], issuer=issuer)
    assert claims["email"] == ann.email
