"""The developer's inbox: mail is kept where no relay is configured, for whoever may read it."""

import re

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stack import Stack


@pytest.fixture(scope="module")
def quiet(request):
    """A stack without a relay."""
    stack = Stack().start()
    yield stack
    stack.stop(failed=request.session.testsfailed > 0)


def inbox(stack, query="", method="GET", key=None, secret=None):
    request = AWSRequest(method, f"{stack.endpoint}/_aws/ses{query}")
    SigV4Auth(Credentials(key or stack.key, secret or stack.secret), "ses", "us-east-1").add_auth(request)
    return requests.request(method, request.url, headers=dict(request.headers), timeout=30)


def until(condition, seconds=20):
    import time

    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.05)
    return found


def test_a_sign_up_is_confirmed_with_the_code_in_the_inbox(quiet):
    cognito = quiet.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="inbox", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")["UserPoolClient"]["ClientId"]
    attributes = [{"Name": "email", "Value": "ann@example.com"}]
    cognito.sign_up(ClientId=client, Username="ann", Password="Secret-123", UserAttributes=attributes)

    mail = until(lambda: inbox(quiet, "?recipient=ann%40example.com").json()["messages"])[0]
    assert mail["Destination"]["ToAddresses"] == ["ann@example.com"]
    code = re.search(r"\d{6}", mail["Body"]["text_part"])[0]
    cognito.confirm_sign_up(ClientId=client, Username="ann", ConfirmationCode=code)
    assert cognito.admin_get_user(UserPoolId=pool, Username="ann")["UserStatus"] == "CONFIRMED"

    listed = quiet.apus("mail", "--to", "ann@example.com").stdout
    assert mail["Id"] in listed and "Your verification code" in listed
    assert code in quiet.apus("mail", "show", mail["Id"]).stdout
    assert quiet.apus("mail", "show", "nothing").returncode == 1


def test_nobody_reads_mail_without_the_permission(quiet):
    assert requests.get(f"{quiet.endpoint}/_aws/ses", timeout=30).status_code == 403
    assert inbox(quiet, secret="wrong").status_code == 403
    iam = quiet.client("iam")
    iam.create_user(UserName="mailer")
    iam.put_user_policy(
        UserName="mailer", PolicyName="ses",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:*","Resource":"*"}]}')
    key = iam.create_access_key(UserName="mailer")["AccessKey"]
    refused = inbox(quiet, key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    assert refused.status_code == 403 and "apus:ReadInbox" in refused.json()["message"]
    iam.put_user_policy(
        UserName="mailer", PolicyName="inbox",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apus:ReadInbox","Resource":"*"}]}')
    until(lambda: inbox(quiet, key=key["AccessKeyId"], secret=key["SecretAccessKey"]).status_code == 200)


def test_sent_mail_is_found_and_cleared(quiet):
    ses = quiet.client("ses")
    ses.verify_email_identity(EmailAddress="shop@example.com")
    message = {"Subject": {"Data": "Grüße"}, "Body": {"Text": {"Data": "t"}, "Html": {"Data": "<b>t</b>"}}}
    sent = ses.send_email(
        Source="shop@example.com", Destination={"ToAddresses": ["bob@example.com"]}, Message=message)["MessageId"]
    [mail] = inbox(quiet, "?email=shop%40example.com").json()["messages"]
    assert (mail["Id"], mail["Subject"], mail["Body"]["html_part"]) == (sent, "Grüße", "<b>t</b>")
    assert inbox(quiet, f"?id={sent}", method="DELETE").status_code == 204
    assert inbox(quiet, f"?id={sent}").json()["messages"] == []
