"""Tables under keys of KMS, their replicas', and what happens to both while a key is disabled."""

import time

import boto3
import botocore.exceptions
import pytest


def client(stack, service, region="us-east-1"):
    return boto3.client(service, endpoint_url=stack.endpoint, region_name=region, aws_access_key_id=stack.key,
                        aws_secret_access_key=stack.secret)


def wait_for(check, seconds=90):
    end = time.monotonic() + seconds
    while not (answer := check()):
        assert time.monotonic() < end
        time.sleep(0.5)
    return answer


def create(dynamodb, name, **specification):
    return dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        SSESpecification={"Enabled": True, "SSEType": "KMS"} | specification)["TableDescription"]


def test_keys(stack):
    dynamodb, kms = client(stack, "dynamodb"), client(stack, "kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    table = create(dynamodb, "keyed", KMSMasterKeyId=key)
    assert table["SSEDescription"] == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
    managed = create(dynamodb, "managed")["SSEDescription"]["KMSMasterKeyArn"]
    assert kms.describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]["Arn"] == managed
    with pytest.raises(botocore.exceptions.ClientError, match="ValidationException"):
        create(dynamodb, "never", KMSMasterKeyId="alias/there-is-none")
    dynamodb.put_item(TableName="keyed", Item={"p": {"S": "a"}})
    kms.disable_key(KeyId=key)

    def status():
        return dynamodb.describe_table(TableName="keyed")["Table"]["TableStatus"]

    wait_for(lambda: status() == "INACCESSIBLE_ENCRYPTION_CREDENTIALS")
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDeniedException"):
        dynamodb.get_item(TableName="keyed", Key={"p": {"S": "a"}})
    assert "InaccessibleEncryptionDateTime" in dynamodb.describe_table(TableName="keyed")["Table"]["SSEDescription"]
    kms.enable_key(KeyId=key)
    wait_for(lambda: status() == "ACTIVE")
    assert "Item" in dynamodb.get_item(TableName="keyed", Key={"p": {"S": "a"}})
    for name in ("keyed", "managed"):
        dynamodb.delete_table(TableName=name)


def test_keys_of_replicas(stack):
    here, there = "us-east-1", "eu-west-1"
    keys = {region: client(stack, "kms", region).create_key()["KeyMetadata"]["Arn"] for region in (here, there)}
    dynamodb, europe = client(stack, "dynamodb"), client(stack, "dynamodb", there)
    create(dynamodb, "keyed-global", KMSMasterKeyId=keys[here])
    with pytest.raises(botocore.exceptions.ClientError, match="KMSMasterKeyId must be specified for each replica"):
        dynamodb.update_table(TableName="keyed-global", ReplicaUpdates=[{"Create": {"RegionName": there}}])
    dynamodb.update_table(TableName="keyed-global", ReplicaUpdates=[
        {"Create": {"RegionName": there, "KMSMasterKeyId": keys[there]}}])

    def replica(of):
        return of.describe_table(TableName="keyed-global")["Table"]["Replicas"][0]

    wait_for(lambda: replica(dynamodb)["ReplicaStatus"] == "ACTIVE")
    assert replica(dynamodb)["KMSMasterKeyId"] == keys[there]
    assert replica(europe)["KMSMasterKeyId"] == keys[here]
    dynamodb.put_item(TableName="keyed-global", Item={"p": {"S": "a"}})
    wait_for(lambda: "Item" in europe.get_item(TableName="keyed-global", Key={"p": {"S": "a"}}))
