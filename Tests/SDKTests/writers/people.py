"""What is written about people, and to them."""

import json

from load import Writer
from stack import eventually

from .resources import policy


class Users(Writer):
    """Users with a policy of their own."""

    service = "iam"
    done_before = ("EntityAlreadyExists",)
    pause = 0.3

    def document(self, name):
        return policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"})

    def write(self, name):
        self.insist(self.client.create_user, UserName=name)
        self.insist(
            self.client.put_user_policy, UserName=name, PolicyName="own", PolicyDocument=self.document(name))

    def check(self):
        users = [user["UserName"] for page in self.client.get_paginator("list_users").paginate()
                 for user in page["Users"]]
        assert not self.missing(users)
        for name in self.acknowledged:
            stored = self.client.get_user_policy(UserName=name, PolicyName="own")["PolicyDocument"]
            assert stored == json.loads(self.document(name))


class SignUps(Writer):
    """People who sign up with a user pool."""

    service = "cognito-idp"
    done_before = ("UsernameExistsException",)
    pause = 0.5

    def prepare(self):
        self.pool = self.client.create_user_pool(PoolName="people")["UserPool"]["Id"]
        self.application = self.client.create_user_pool_client(
            UserPoolId=self.pool, ClientName="app")["UserPoolClient"]["ClientId"]

    def write(self, name):
        self.insist(
            self.client.sign_up, ClientId=self.application, Username=name, Password="Secret-1234",
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}])

    def check(self):
        pages = self.client.get_paginator("list_users").paginate(UserPoolId=self.pool)
        users = {user["Username"]: user for page in pages for user in page["Users"]}
        assert not self.missing(users)
        for name, user in users.items():
            assert {"Name": "email", "Value": f"{name}@example.com"} in user["Attributes"]
            assert user["UserStatus"] == "UNCONFIRMED"


class Mails(Writer):
    """Mail to a real SMTP server."""

    service = "ses"
    pause = 0.4

    def prepare(self):
        self.client.verify_email_identity(EmailAddress="blog@example.com")

    def write(self, name):
        self.insist(
            self.client.send_email, Source="blog@example.com", Destination={"ToAddresses": [f"{name}@example.com"]},
            Message={"Subject": {"Data": name}, "Body": {"Text": {"Data": name}}})

    def check(self):
        sink = self.stack.sink
        eventually(lambda: all(sink.to(f"{name}@example.com") for name in self.acknowledged), seconds=90)
