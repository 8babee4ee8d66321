"""Starts a stack for ceph/s3-tests, writes the configuration they read, and makes buckets as they expect them.

Their buckets are AWS's of before April 2023: with lists, and open to what their lists and policies say. Their other users
are accounts of their own, each made by a start of the stack on the same data.
"""

import os
import pathlib
import tempfile

import botocore.client

import stack

ACCOUNTS = {"alt": "222222222222", "tenant": "333333333333", "iam": "444444444444"}
SETTINGS = {
    "APUS_LOG": "error", "APUS_S3_LOG_SECONDS": "1", "APUS_S3_RESTORE_SECONDS": "1", "APUS_S3_LIFECYCLE_SECONDS": "1",
    "APUS_SMTP_URL": "smtp://127.0.0.1:2525",
}

running = None
unpatched = botocore.client.BaseClient._make_api_call


def pytest_configure(config):
    global running
    botocore.client.BaseClient._make_api_call = call
    if config.option.collectonly:
        return
    running = stack.Stack(**SETTINGS)
    users = {}
    for name, account in ACCOUNTS.items():
        running.settings = SETTINGS | {"APUS_ACCOUNT": account}
        running.start()
        key = running.client("iam").create_access_key()["AccessKey"]
        users[name] = (key["AccessKeyId"], key["SecretAccessKey"], running.client("s3").list_buckets()["Owner"]["ID"])
        running.apus("down")
    running.settings = SETTINGS
    running.start()
    users["main"] = (running.key, running.secret, running.client("s3").list_buckets()["Owner"]["ID"])
    file = pathlib.Path(tempfile.mkdtemp(prefix="s3-tests-")) / "s3tests.conf"
    file.write_text(configuration(users))
    os.environ["S3TEST_CONF"] = str(file)


def pytest_unconfigure(config):
    if running is not None:
        running.stop()


def call(client, operation, parameters):
    """Makes a bucket without what AWS gives new ones since April 2023, and as it did before then with its list."""
    if operation != "CreateBucket" or client.meta.service_model.service_name != "s3":
        return unpatched(client, operation, parameters)
    lists = {name: value for name, value in parameters.items() if name == "ACL" or name.startswith("Grant")}
    others = {name: value for name, value in parameters.items() if name not in lists}
    answer = unpatched(client, operation, {"ObjectOwnership": "ObjectWriter"} | others)
    unpatched(client, "DeletePublicAccessBlock", {"Bucket": others["Bucket"]})
    if lists:
        unpatched(client, "PutBucketAcl", {"Bucket": others["Bucket"]} | lists)
    return answer


def configuration(users):
    keys = [running.client("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    sections = {
        "DEFAULT": {"host": "127.0.0.1", "port": running.port, "is_secure": False, "ssl_verify": False},
        "fixtures": {
            "bucket prefix": "apus-{random}-", "iam name prefix": "s3-tests-", "iam path prefix": "/s3-tests/"},
        "s3 main": user("main", users) | {
            "api_name": "us-east-1", "kms_keyid": keys[0], "kms_keyid2": keys[1], "lc_debug_interval": 1},
        "s3 alt": user("alt", users),
        "s3 tenant": user("tenant", users) | {"tenant": "testx"},
        "iam": user("iam", users),
        "iam root": user("iam", users),
        "iam alt root": user("alt", users),
    }
    lines = []
    for title, members in sections.items():
        lines += [f"[{title}]", *(f"{name} = {value}" for name, value in members.items()), ""]
    return "\n".join(lines)


def user(name, users):
    key, secret, identity = users[name]
    account = ACCOUNTS.get(name, "000000000000")
    return {
        "display_name": account, "user_id": identity, "email": f"{name}@example.com", "access_key": key,
        "secret_key": secret}
