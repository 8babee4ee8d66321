"""Backups, recovery and PartiQL of tables as boto3 sees them, through the gateway with signatures."""

import base64
import datetime
import decimal
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


@pytest.fixture(scope="module")
def s3(stack):
    return boto3.client("s3", endpoint_url=stack.endpoint, region_name="us-east-1", aws_access_key_id=stack.key,
                        aws_secret_access_key=stack.secret)


def exported(dynamodb, table, bucket, **options):
    """The export, when it is over."""
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
    asked = dynamodb.export_table_to_point_in_time(TableArn=arn, S3Bucket=bucket, S3Prefix="nightly", **options)
    export = asked["ExportDescription"]["ExportArn"]
    return wait_for(lambda: (done := dynamodb.describe_export(ExportArn=export)["ExportDescription"])[
        "ExportStatus"] != "IN_PROGRESS" and done)


def begin_import(dynamodb, name, bucket, prefix, **options):
    asked = dynamodb.import_table(
        S3BucketSource={"S3Bucket": bucket, "S3KeyPrefix": prefix},
        TableCreationParameters={
            "TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]}, **options)
    return asked["ImportTableDescription"]["ImportArn"]


def imported(dynamodb, arn):
    """The import, when it is over."""
    return wait_for(lambda: (done := dynamodb.describe_import(ImportArn=arn)["ImportTableDescription"])[
        "ImportStatus"] != "IN_PROGRESS" and done)


def test_export(dynamodb, table, s3):
    s3.create_bucket(Bucket="exported-tables")
    for number in range(30):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": "1"}})
    done = exported(dynamodb, table, "exported-tables")
    assert (done["ExportStatus"], done["ItemCount"]) == ("COMPLETED", 30), done

    def read(key):
        return s3.get_object(Bucket="exported-tables", Key=key)["Body"].read()

    summary = json.loads(read(done["ExportManifest"]))
    files = [json.loads(line) for line in read(summary["manifestFilesS3Key"]).splitlines()]
    lines = [json.loads(line) for file in files for line in gzip.decompress(read(file["dataFileS3Key"])).splitlines()]
    assert sorted((line["Item"]["p"]["S"], line["Item"]["v"]["N"]) for line in lines) == items(dynamodb, table)
    failed = exported(dynamodb, table, "no-such-bucket-anywhere")
    assert (failed["ExportStatus"], failed["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert len(dynamodb.list_exports(TableArn=done["TableArn"])["ExportSummaries"]) == 2


def test_import_of_an_export(dynamodb, table, s3):
    s3.create_bucket(Bucket="imported-tables")
    for number in range(30):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": str(number)}})
    data = exported(dynamodb, table, "imported-tables")["ExportManifest"].rpartition("/")[0] + "/data/"
    arn = begin_import(dynamodb, table + "-copy", "imported-tables", data, InputFormat="DYNAMODB_JSON",
                       InputCompressionType="GZIP")
    done = imported(dynamodb, arn)
    assert (done["ImportStatus"], done["ImportedItemCount"], done["ErrorCount"]) == ("COMPLETED", 30, 0), done
    assert done["TableCreationParameters"]["TableName"] == table + "-copy"
    assert arn in [i["ImportArn"] for i in dynamodb.list_imports(TableArn=done["TableArn"])["ImportSummaryList"]]
    assert restored(dynamodb, table + "-copy") == items(dynamodb, table)


EVERYTHING = {
    "p": {"S": "every\ntype \"of\" 'value' \\ é 😀"}, "n": {"N": "1." + "1234567890" * 3 + "1234567"},
    "large": {"N": "9" * 38 + "0" * 80}, "small": {"N": "-1E-130"}, "zero": {"N": "0"}, "b": {"B": bytes(range(256))},
    "t": {"BOOL": True}, "f": {"BOOL": False}, "null": {"NULL": True}, "ss": {"SS": ["", "b", "a"]},
    "ns": {"NS": ["1", "-2.50", "3e10"]}, "bs": {"BS": [b"", b"\x00", b"a"]}, "a name": {"S": ""},
    "l": {"L": [{"S": "x"}, {"M": {"true": {"L": []}, "$1": {"M": {}}}}, {"NULL": True}]},
}


def normal(value):
    """With numbers and sets compared by their value."""
    (kind, content), = value.items()
    if kind == "N":
        return decimal.Decimal(content)
    if kind == "M":
        return {name: normal(inner) for name, inner in content.items()}
    if kind == "L":
        return [normal(inner) for inner in content]
    if kind == "NS":
        return {decimal.Decimal(number) for number in content}
    return (kind, frozenset(content)) if kind in ("SS", "BS") else (kind, content)


def test_ion_export_and_import(dynamodb, table, s3, stack):
    s3.create_bucket(Bucket="ion-tables")
    dynamodb.put_item(TableName=table, Item=EVERYTHING)
    for number in range(20):
        dynamodb.put_item(TableName=table, Item={"p": {"S": str(number)}, "v": {"N": str(number * 100)}})
    kms = boto3.client("kms", endpoint_url=stack.endpoint, region_name="us-east-1", aws_access_key_id=stack.key,
                       aws_secret_access_key=stack.secret)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    done = exported(dynamodb, table, "ion-tables", ExportFormat="ION", S3SseAlgorithm="KMS", S3SseKmsKeyId=key)
    assert (done["ExportStatus"], done["ExportFormat"], done["ItemCount"]) == ("COMPLETED", "ION", 21), done
    summary = json.loads(s3.get_object(Bucket="ion-tables", Key=done["ExportManifest"])["Body"].read())
    assert summary["outputFormat"] == "ION"
    files = s3.get_object(Bucket="ion-tables", Key=summary["manifestFilesS3Key"])["Body"].read().splitlines()
    data = s3.get_object(Bucket="ion-tables", Key=json.loads(files[0])["dataFileS3Key"])
    assert data["SSEKMSKeyId"] == key
    lines = gzip.decompress(data["Body"].read()).splitlines()
    assert len(lines) == 21 and all(line.startswith(b"$ion_1_0 {Item:{") for line in lines)
    prefix = done["ExportManifest"].rpartition("/")[0] + "/data/"
    done = imported(dynamodb, begin_import(
        dynamodb, table + "-ion", "ion-tables", prefix, InputFormat="ION", InputCompressionType="GZIP"))
    assert (done["ImportStatus"], done["ImportedItemCount"], done["ErrorCount"]) == ("COMPLETED", 21, 0), done
    item = dynamodb.get_item(TableName=table + "-ion", Key={"p": EVERYTHING["p"]})["Item"]
    assert normal({"M": item}) == normal({"M": EVERYTHING})
    assert len(restored(dynamodb, table + "-ion")) == 21


def test_zstandard_import(dynamodb, s3):
    """`{"Item":{"p":{"S":"a"}}}` as libzstd compresses it."""
    s3.create_bucket(Bucket="zstd-tables")
    packed = base64.b64decode("KLUv/SQYwQAAeyJJdGVtIjp7InAiOnsiUyI6ImEifX19x9KmZg==")
    s3.put_object(Bucket="zstd-tables", Key="good/1.zst", Body=packed)
    s3.put_object(Bucket="zstd-tables", Key="bad/1.zst", Body=packed[:-3])
    done = imported(dynamodb, begin_import(
        dynamodb, "from-zstd", "zstd-tables", "good/", InputFormat="DYNAMODB_JSON", InputCompressionType="ZSTD"))
    assert (done["ImportStatus"], done["ImportedItemCount"]) == ("COMPLETED", 1), done
    assert restored(dynamodb, "from-zstd") == [("a", None)]
    failed = imported(dynamodb, begin_import(
        dynamodb, "from-damage", "zstd-tables", "bad/", InputFormat="DYNAMODB_JSON", InputCompressionType="ZSTD"))
    assert (failed["ImportStatus"], failed["ErrorCount"]) == ("FAILED", 1), failed
    assert "not valid ZSTD" in failed["FailureMessage"]
    dynamodb.delete_table(TableName="from-damage")


def test_import_survives_kill(dynamodb, s3, stack):
    """Twenty thousand lines of CSV, and the service killed while it reads them."""
    s3.create_bucket(Bucket="imported-csv")
    for part in range(4):
        body = "p,v\n" + "".join(f"{part}-{line},text {line}\n" for line in range(5000))
        s3.put_object(Bucket="imported-csv", Key=f"csv/{part}", Body=body.encode())
    arn = begin_import(dynamodb, "killed-import", "imported-csv", "csv/", InputFormat="CSV")

    def description():
        return dynamodb.describe_import(ImportArn=arn)["ImportTableDescription"]

    wait_for(lambda: description()["ProcessedItemCount"] > 0)
    stack.kill("apus-tables")
    wait_for(lambda: dynamodb.list_tables())
    done = imported(dynamodb, arn)
    assert (done["ImportStatus"], done["ImportedItemCount"], done["ErrorCount"]) == ("COMPLETED", 20000, 0), done
    assert dynamodb.describe_table(TableName="killed-import")["Table"]["ItemCount"] == 20000
    assert dynamodb.get_item(TableName="killed-import", Key={"p": {"S": "3-4999"}})["Item"]["v"] == {"S": "text 4999"}
    dynamodb.delete_table(TableName="killed-import")


def test_import_without_a_source(dynamodb, s3):
    s3.create_bucket(Bucket="half-imported")
    s3.put_object(Bucket="half-imported", Key="1", Body=b'{"Item":{"p":{"S":"good"}}}{"p":{"S":"no item"}}')
    done = imported(dynamodb, begin_import(
        dynamodb, "half-imported", "half-imported", "", InputFormat="DYNAMODB_JSON"))
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "ItemValidationError"), done
    assert (done["ProcessedItemCount"], done["ImportedItemCount"], done["ErrorCount"]) == (2, 1, 1)
    assert restored(dynamodb, "half-imported") == [("good", None)]
    failed = imported(dynamodb, begin_import(
        dynamodb, "never-imported", "no-such-bucket-anywhere", "", InputFormat="DYNAMODB_JSON"))
    assert (failed["ImportStatus"], failed["FailureCode"]) == ("FAILED", "S3NoSuchBucket"), failed
    assert "never-imported" not in dynamodb.list_tables()["TableNames"]
