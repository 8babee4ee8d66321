"""Deploys MyTodoList: a user pool, a REST API behind it, a table, and a folder in a bucket for each user.

Prints what a client needs to know as JSON.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from deploying import LOGS, REGION, RestApi, account, client, make_function, make_role  # noqa: E402


def make_table():
    table = client("dynamodb").create_table(
        TableName="Todos", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "owner", "AttributeType": "S"}, {"AttributeName": "id", "AttributeType": "S"},
        ],
    )["TableDescription"]
    client("dynamodb").get_waiter("table_exists").wait(TableName="Todos")
    return table["TableArn"]


def make_user_pool():
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(
        PoolName="todo-users", AutoVerifiedAttributes=["email"], UsernameAttributes=["email"]
    )["UserPool"]
    app = cognito.create_user_pool_client(
        UserPoolId=pool["Id"], ClientName="todo-app",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    return pool, app["ClientId"]


def make_identity_pool(pool, app, bucket):
    """Gives every signed-in user credentials for one folder of the bucket."""
    provider = f"cognito-idp.{REGION}.amazonaws.com/{pool['Id']}"
    cognito = client("cognito-identity")
    identities = cognito.create_identity_pool(
        IdentityPoolName="todo_identities", AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": app}],
    )["IdentityPoolId"]
    role = make_role(
        "todo-user", {"Federated": "cognito-identity.amazonaws.com"},
        [
            {
                "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:aws:s3:::{bucket}/private/${{cognito-identity.amazonaws.com:sub}}/*",
            }
        ],
        condition={
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identities},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
        action="sts:AssumeRoleWithWebIdentity",
    )
    cognito.set_identity_pool_roles(IdentityPoolId=identities, Roles={"authenticated": role})
    return identities, provider


def main():
    table = make_table()
    pool, app = make_user_pool()
    bucket = f"todo-attachments-{account()}"
    client("s3").create_bucket(Bucket=bucket)
    identities, provider = make_identity_pool(pool, app, bucket)

    role = make_role(
        "todo-function", {"Service": "lambda.amazonaws.com"},
        [
            LOGS,
            {
                "Effect": "Allow", "Resource": table,
                "Action": ["dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
            },
        ],
    )
    function = make_function("todo", HERE / "function", role, {"TABLE": "Todos"})

    api = RestApi("todo", function)
    authorizer = client("apigateway").create_authorizer(
        restApiId=api.id, name="users", type="COGNITO_USER_POOLS", providerARNs=[pool["Arn"]],
        identitySource="method.request.header.Authorization",
    )["id"]
    # The token is part of the cache's key: what one user was answered is never shown to another.
    api.method("GET", "/todos", authorizer, cache_keys=["method.request.header.Authorization"])
    api.method("POST", "/todos", authorizer)
    api.method("PUT", "/todos/{id}", authorizer)
    api.method("DELETE", "/todos/{id}", authorizer)
    address = api.deploy("prod", cache_seconds=60)

    print(json.dumps({
        "api": address, "userPool": pool["Id"], "client": app, "identityPool": identities, "provider": provider,
        "bucket": bucket, "function": "todo", "region": REGION,
    }, indent=2))


if __name__ == "__main__":
    main()
