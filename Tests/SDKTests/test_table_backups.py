"""Backups, recovery and PartiQL of tables as boto3 sees them, through the gateway with signatures."""

import datetime
import gzip
import json
import time

import boto3
import pytest


@pytest.fixture(scope="module")
def dynamodb(stack):
    return boto3.client("dynamodb", endpoint_url=stack.endpoint, region_name="us-east-1",
                        aws_access_key_id=stack.key, aws_secret_access_key=stack.secret)


@pytest.fixture
def table(dynamodb, request):
    name = f"backed-up-{request.node.name[5:25].replace('_', '-')}"
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    yield name
    dynamodb.delete_table(TableName=name)


def items(dynamodb, table):
    return sorted((i["p"]["S"], i.get("v", {}).get("N")) for i in dynamodb.scan(TableName=table)["Items"])


def wait_for(check, seconds=60):
    end = time.monotonic() + seconds
    while not (answer := check()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return answer


def restored(dynamodb, table):
    wait_for(lambda: dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE")
    found = items(dynamodb, table)
    dynamodb.delete_table(TableName=table)
    return found


def test_statements(dynamodb, table):
    dynamodb.execute_statement(Statement=f"INSERT INTO \"{table}\" VALUE {{'p': ?, 'v': 1}}", Parameters=[{"S": "a"}])
    with pytest.raises(dynamodb.exceptions.DuplicateItemException):
        dynamodb.execute_statement(Statement=f"INSERT INTO \"{table}\" VALUE {{'p': 'a'}}")
    dynamodb.batch_execute_statement(
        Statements=[{"Statement": f"INSERT INTO \"{table}\" VALUE {{'p': '{n}', 'v': {n}}}"} for n in range(25)])
    seen, token = [], {}
    while token is not None:
        page = dynamodb.execute_statement(Statement=f'SELECT p FROM "{table}" WHERE v >= 20', Limit=5, **token)
        seen += [item["p"]["S"] for item in page["Items"]]
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
    assert sorted(seen) == ["20", "21", "22", "23", "24"]
    answer = dynamodb.execute_transaction(TransactStatements=[
        {"Statement": f'SELECT v FROM "{table}" WHERE p = ?', "Parameters": [{"S": "7"}]}])
    assert answer["Responses"] == [{"Item": {"v": {"N": "7"}}}]


def test_backup_and_restore(dynamodb, table, stack):
    for number in range(40):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": "1"}})
    before = items(dynamodb, table)
    backup = dynamodb.create_backup(TableName=table, BackupName="nightly")["BackupDetails"]["BackupArn"]
    dynamodb.put_item(TableName=table, Item={"p": {"S": "later"}})
    assert [b["BackupArn"] for b in dynamodb.list_backups(TableName=table)["BackupSummaries"]] == [backup]
    stack.kill("apus-tables")
    wait_for(lambda: dynamodb.list_tables())
    dynamodb.restore_table_from_backup(TargetTableName=table + "-copy", BackupArn=backup)
    assert restored(dynamodb, table + "-copy") == before
    dynamodb.delete_backup(BackupArn=backup)
    with pytest.raises(dynamodb.exceptions.BackupNotFoundException):
        dynamodb.describe_backup(BackupArn=backup)


def test_point_in_time(dynamodb, table):
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    for number in range(10):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": "1"}})
    before = items(dynamodb, table)
    # The next whole second lies behind these writes and before the next ones.
    moment = datetime.datetime.fromtimestamp(int(time.time()) + 1, datetime.timezone.utc)
    time.sleep(2.1)
    for number in range(5):
        dynamodb.delete_item(TableName=table, Key={"p": {"S": str(number)}})
    dynamodb.put_item(TableName=table, Item={"p": {"S": "9"}, "v": {"N": "2"}})
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=table + "-past", RestoreDateTime=moment)
    assert restored(dynamodb, table + "-past") == before


def test_export(dynamodb, table, stack):
    s3 = boto3.client("s3", endpoint_url=stack.endpoint, region_name="us-east-1", aws_access_key_id=stack.key,
                      aws_secret_access_key=stack.secret)
    s3.create_bucket(Bucket="exported-tables")
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    for number in range(30):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": "1"}})
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]

    def export(bucket):
        asked = dynamodb.export_table_to_point_in_time(TableArn=arn, S3Bucket=bucket, S3Prefix="nightly")
        export_arn = asked["ExportDescription"]["ExportArn"]
        return wait_for(lambda: (done := dynamodb.describe_export(ExportArn=export_arn)["ExportDescription"])[
            "ExportStatus"] != "IN_PROGRESS" and done)

    done = export("exported-tables")
    assert (done["ExportStatus"], done["ItemCount"]) == ("COMPLETED", 30), done

    def read(key):
        return s3.get_object(Bucket="exported-tables", Key=key)["Body"].read()

    summary = json.loads(read(done["ExportManifest"]))
    files = [json.loads(line) for line in read(summary["manifestFilesS3Key"]).splitlines()]
    lines = [json.loads(line) for file in files for line in gzip.decompress(read(file["dataFileS3Key"])).splitlines()]
    assert sorted((line["Item"]["p"]["S"], line["Item"]["v"]["N"]) for line in lines) == items(dynamodb, table)
    failed = export("no-such-bucket-anywhere")
    assert (failed["ExportStatus"], failed["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert len(dynamodb.list_exports(TableArn=arn)["ExportSummaries"]) == 2
