"""S3 Metadata: journal and inventory tables as boto3 configures them and pyiceberg, pyarrow and DuckDB read them."""

import collections
import datetime
import json
import os
import random
import threading
import time
import uuid

import duckdb
import pyarrow.parquet
import pytest
from botocore.exceptions import ClientError
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import ForbiddenError, NoSuchNamespaceError, NoSuchTableError

from stack import Stack, eventually

ACCOUNT = "000000000000"
MANAGED = f"arn:aws:s3tables:us-east-1:{ACCOUNT}:bucket/aws-s3"
JOURNAL = {"JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}}}
BOTH = JOURNAL | {"InventoryTableConfiguration": {"ConfigurationState": "ENABLED"}}
COLUMNS = [
    "bucket", "key", "sequence_number", "record_type", "record_timestamp", "version_id", "is_delete_marker", "size",
    "last_modified_date", "e_tag", "storage_class", "is_multipart", "encryption_status", "is_bucket_key_enabled",
    "kms_key_arn", "checksum_algorithm", "object_tags", "user_metadata", "requester", "source_ip_address", "request_id",
]


@pytest.fixture(scope="module")
def tables(request):
    """A stack of its own, whose tables follow their buckets quickly, and which can be killed."""
    if os.environ.get("APUS_TEST_ENDPOINT"):
        pytest.skip("asks for settings and kills of its own")
    stack = Stack(APUS_S3_METADATA_SECONDS="1").start()
    yield stack
    stack.stop(failed=request.session.testsfailed > 0)


def catalog(stack, warehouse=MANAGED, key=None, secret=None):
    """As AWS's guide configures pyiceberg, but for the address."""
    key, secret = key or stack.key, secret or stack.secret
    return load_catalog(
        "tables", **{
            "type": "rest", "warehouse": warehouse, "uri": f"{stack.endpoint}/iceberg", "rest.sigv4-enabled": "true",
            "rest.signing-name": "s3tables", "rest.signing-region": "us-east-1",
            "client.access-key-id": key, "client.secret-access-key": secret, "client.region": "us-east-1",
            "s3.endpoint": stack.endpoint, "s3.access-key-id": key, "s3.secret-access-key": secret,
            "s3.region": "us-east-1", "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
        })


def configured(stack, configuration=JOURNAL, versioned=False, name=None):
    """A bucket whose objects tables tell of."""
    name = name or f"told-{uuid.uuid4().hex[:8]}"
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=name)
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket_metadata_configuration(Bucket=name, MetadataConfiguration=configuration)
    eventually(lambda: journal_state(stack, name)["TableStatus"] == "ACTIVE")
    return name


def result(stack, bucket):
    answer = stack.client("s3").get_bucket_metadata_configuration(Bucket=bucket)
    return answer["GetBucketMetadataConfigurationResult"]["MetadataConfigurationResult"]


def journal_state(stack, bucket):
    return result(stack, bucket)["JournalTableConfigurationResult"]


def rows(stack, bucket, table="journal"):
    """A table's rows, those of a key in the order of their sequence numbers."""
    found = catalog(stack).load_table(("b_" + bucket.replace(".", "_"), table)).scan().to_arrow().to_pylist()
    return sorted(found, key=lambda row: (row["key"], row["sequence_number"]))


def journal(stack, bucket, count):
    """The journal when it has so many records."""
    eventually(lambda: len(rows(stack, bucket)) >= count, seconds=60)
    time.sleep(1.5)
    found = rows(stack, bucket)
    assert len(found) == count
    return found


def code(error):
    return error.value.response["Error"]["Code"], error.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_journal_tells_every_change_with_all_columns(tables):
    s3, bucket = tables.client("s3"), configured(tables)
    before = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    key = "Фото/ёжик 🦔.jpg"
    put = s3.put_object(
        Bucket=bucket, Key=key, Body=b"hello", Tagging="a=1&b=zwei", Metadata={"color": "blue", "size": "s"},
        ChecksumAlgorithm="SHA256")
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "c", "Value": "drei"}]})
    s3.delete_object(Bucket=bucket, Key=key)
    create, update, delete = journal(tables, bucket, 3)
    assert list(create) == COLUMNS
    assert [row["record_type"] for row in (create, update, delete)] == ["CREATE", "UPDATE_METADATA", "DELETE"]
    stamp = create.pop("record_timestamp")
    assert before - datetime.timedelta(seconds=2) <= stamp <= before + datetime.timedelta(seconds=60)
    assert create.pop("last_modified_date") == stamp
    assert create.pop("sequence_number") < update["sequence_number"] < delete["sequence_number"]
    assert create.pop("request_id") == put["ResponseMetadata"]["RequestId"]
    assert create == {
        "bucket": bucket, "key": key, "record_type": "CREATE", "version_id": None, "is_delete_marker": False, "size": 5,
        "e_tag": "5d41402abc4b2a76b9719d911017c592", "storage_class": "STANDARD", "is_multipart": False,
        "encryption_status": "SSE-S3", "is_bucket_key_enabled": False, "kms_key_arn": None,
        "checksum_algorithm": "SHA256", "object_tags": [("a", "1"), ("b", "zwei")],
        "user_metadata": [("color", "blue"), ("size", "s")], "requester": ACCOUNT, "source_ip_address": "127.0.0.1",
    }
    assert update["object_tags"] == [("c", "drei")] and update["size"] == 5
    required = {"bucket", "key", "sequence_number", "record_type", "record_timestamp"}
    assert {name for name, value in delete.items() if value is not None} == required


def test_versions_markers_parts_and_copies(tables):
    s3, bucket = tables.client("s3"), configured(tables, versioned=True)
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    second = s3.copy_object(Bucket=bucket, Key="a", CopySource=f"{bucket}/a?versionId={first}", StorageClass="STANDARD_IA")
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="a", VersionId=first)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="b")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="b", UploadId=upload, PartNumber=1, Body=b"x" * 100_000)
    s3.complete_multipart_upload(
        Bucket=bucket, Key="b", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}]})
    found = journal(tables, bucket, 6)
    told = [(row["key"], row["record_type"], row["version_id"], row["is_delete_marker"]) for row in found]
    assert told[:4] == [
        ("a", "CREATE", first, False), ("a", "CREATE", second["VersionId"], False), ("a", "DELETE", marker, True),
        ("a", "DELETE", first, None),
    ]
    assert found[1]["storage_class"] == "STANDARD_IA"
    assert found[2]["size"] == 0 and found[2]["object_tags"] is None and found[2]["requester"] == ACCOUNT
    assert (found[4]["is_multipart"], found[4]["size"]) == (True, 100_000)
    assert told[5][1:4:2] == ("DELETE", True)


def test_others_read_the_files_too(tables):
    """pyarrow and DuckDB, from the files that the manifest names."""
    s3, bucket = tables.client("s3"), configured(tables)
    for number in range(50):
        s3.put_object(Bucket=bucket, Key=f"k{number:02}", Body=b"x" * number, Tagging="n=1" if number % 2 else "")
    journal(tables, bucket, 50)
    table = catalog(tables).load_table((f"b_{bucket}", "journal"))
    assert table.format_version == 2
    local = []
    for path in table.inspect.files().column("file_path").to_pylist():
        with table.io.new_input(path).open() as stream:
            local.append(pyarrow.parquet.read_table(stream))
    journal_files = pyarrow.concat_tables(local)
    assert journal_files.num_rows == 50 and journal_files.column_names == COLUMNS
    query = "SELECT count(*), sum(size), count_if(object_tags['n'] = '1'), min(key), max(key) FROM journal_files"
    assert duckdb.sql(query).fetchall() == [(50, sum(range(50)), 25, "k00", "k49")]
    assert table.scan(row_filter="size > 45", selected_fields=("key",)).to_arrow().num_rows == 4


def test_readers_pass_over_files_without_what_they_look_for(tables):
    s3, bucket = tables.client("s3"), configured(tables)
    for number, key in enumerate(["a", "b", "é" * 100, "🦔"]):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x" * number)
        journal(tables, bucket, number + 1)
    table = catalog(tables).load_table((f"b_{bucket}", "journal"))

    def planned(condition):
        return len(list(table.scan(row_filter=condition).plan_files()))

    everything = planned("true")
    assert everything == 4
    assert planned("key == 'b'") == planned("key == '🦔'") == planned(f"key == '{'é' * 100}'") == 1
    assert planned("key == 'c'") == 0 and planned("key < 'b'") == 1
    assert planned("size >= 2") == 2 and planned("size is null") == 0
    assert planned("record_type == 'DELETE'") == 0 and planned("storage_class == 'STANDARD'") == 4
    times = sorted(row["record_timestamp"] for row in rows(tables, bucket))
    assert planned(f"record_timestamp > '{times[1].isoformat()}'") == 2
    # Nothing is passed over that is there.
    for key in ["a", "é" * 100]:
        assert table.scan(row_filter=f"key == '{key}'").to_arrow().num_rows == 1
    io = table.io
    with io.new_input(next(iter(table.scan(row_filter="key == 'b'").plan_files())).file.file_path).open() as data:
        group = pyarrow.parquet.ParquetFile(data).metadata.row_group(0)
    statistics = {group.column(i).path_in_schema: group.column(i).statistics for i in range(group.num_columns)}
    assert (statistics["key"].min, statistics["key"].max, statistics["size"].max) == ("b", "b", 1)


def test_inventory_is_filled_and_follows(tables):
    s3, bucket = tables.client("s3"), f"had-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket)
    for number in range(20):
        s3.put_object(Bucket=bucket, Key=f"k{number:02}", Body=b"old", Metadata={"n": str(number)})
    s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=BOTH)

    def state():
        return result(tables, bucket)["InventoryTableConfigurationResult"]

    assert state()["ConfigurationState"] == "ENABLED"
    assert state()["TableStatus"] in ("CREATING", "BACKFILLING", "ACTIVE")
    eventually(lambda: state()["TableStatus"] == "ACTIVE")
    found = rows(tables, bucket, "inventory")
    assert [row["key"] for row in found] == [f"k{number:02}" for number in range(20)]
    assert list(found[0]) == [name for name in COLUMNS[:18] if not name.startswith("record_")]
    assert found[7]["user_metadata"] == [("n", "7")] and found[7]["object_tags"] == []
    s3.put_object(Bucket=bucket, Key="k03", Body=b"newer")
    s3.put_object(Bucket=bucket, Key="z", Body=b"")
    s3.delete_object(Bucket=bucket, Key="k19")
    wanted = {f"k{number:02}": 3 for number in range(19)} | {"k03": 5, "z": 0}
    eventually(lambda: {row["key"]: row["size"] for row in rows(tables, bucket, "inventory")} == wanted, seconds=60)
    # What the journal tells later is newer.
    last = max(row["sequence_number"] for row in rows(tables, bucket))
    assert {row["sequence_number"] for row in rows(tables, bucket, "inventory")} >= {last}
    s3.update_bucket_metadata_inventory_table_configuration(
        Bucket=bucket, InventoryTableConfiguration={"ConfigurationState": "DISABLED"})
    assert state() == {"ConfigurationState": "DISABLED"}
    s3.update_bucket_metadata_inventory_table_configuration(
        Bucket=bucket, InventoryTableConfiguration={"ConfigurationState": "ENABLED"})
    assert (state()["TableStatus"], state()["Error"]["ErrorCode"]) == ("FAILED", "InventoryTableAlreadyExists")


def test_inventory_has_versions_and_markers(tables):
    s3, bucket = tables.client("s3"), configured(tables, BOTH, versioned=True)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.put_object(Bucket=bucket, Key="a", Body=b"22")
    s3.delete_object(Bucket=bucket, Key="a")

    def versions():
        page = s3.list_object_versions(Bucket=bucket)
        return {(each["Key"], each["VersionId"]) for each in page.get("Versions", []) + page.get("DeleteMarkers", [])}

    def told():
        return {(row["key"], row["version_id"]) for row in rows(tables, bucket, "inventory")}

    eventually(lambda: told() == versions(), seconds=60)
    assert len(told()) == 3
    sizes = {(row["is_delete_marker"], row["size"]) for row in rows(tables, bucket, "inventory")}
    assert sizes == {(False, 1), (False, 2), (True, 0)}
    for key, version in versions():
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
    eventually(lambda: told() == set(), seconds=60)


def test_first_form_writes_into_a_bucket_of_the_customers(tables):
    s3, s3tables = tables.client("s3"), tables.client("s3tables")
    name = f"told-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    arn = s3tables.create_table_bucket(name=f"mine-{uuid.uuid4().hex[:8]}")["arn"]
    s3.create_bucket_metadata_table_configuration(
        Bucket=name,
        MetadataTableConfiguration={"S3TablesDestination": {"TableBucketArn": arn, "TableName": "told"}})

    def answer():
        return s3.get_bucket_metadata_table_configuration(Bucket=name)["GetBucketMetadataTableConfigurationResult"]

    eventually(lambda: answer()["Status"] == "ACTIVE")
    destination = answer()["MetadataTableConfigurationResult"]["S3TablesDestinationResult"]
    assert destination["TableNamespace"] == "aws_s3_metadata" and destination["TableArn"].startswith(f"{arn}/table/")
    assert result(tables, name)["DestinationResult"]["TableBucketType"] == "customer"
    s3.put_object(Bucket=name, Key="k", Body=b"1")
    mine = catalog(tables, arn)
    eventually(lambda: mine.load_table(("aws_s3_metadata", "told")).scan().to_arrow().num_rows == 1)
    with pytest.raises(ClientError) as error:
        s3tables.delete_table_bucket(tableBucketARN=arn)
    assert code(error) == ("ConflictException", 409)
    s3.delete_bucket_metadata_table_configuration(Bucket=name)
    s3tables.delete_table(tableBucketARN=arn, namespace="aws_s3_metadata", name="told")
    s3tables.delete_namespace(tableBucketARN=arn, namespace="aws_s3_metadata")
    s3tables.delete_table_bucket(tableBucketARN=arn)


def test_policies_of_table_buckets_let_readers_in(tables):
    s3, s3tables, iam = tables.client("s3"), tables.client("s3tables"), tables.client("iam")
    name, user = f"told-{uuid.uuid4().hex[:8]}", f"user-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    arn = s3tables.create_table_bucket(name=f"mine-{uuid.uuid4().hex[:8]}")["arn"]
    s3.create_bucket_metadata_table_configuration(
        Bucket=name,
        MetadataTableConfiguration={"S3TablesDestination": {"TableBucketArn": arn, "TableName": "told"}})
    s3.put_object(Bucket=name, Key="k", Body=b"1")
    made = iam.create_user(UserName=user)["User"]
    access = iam.create_access_key(UserName=user)["AccessKey"]
    keys = (access["AccessKeyId"], access["SecretAccessKey"])
    mine = catalog(tables, arn)
    eventually(lambda: mine.load_table(("aws_s3_metadata", "told")).scan().to_arrow().num_rows == 1)
    with pytest.raises(ClientError) as error:
        s3tables.get_table_bucket_policy(tableBucketARN=arn)
    assert code(error) == ("NotFoundException", 404)
    statement = {"Effect": "Allow", "Principal": {"AWS": made["Arn"]}, "Resource": [arn, f"{arn}/*"], "Action": [
        "s3tables:GetTableBucket", "s3tables:ListTables", "s3tables:GetTableMetadataLocation", "s3tables:GetTableData"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3tables.put_table_bucket_policy(tableBucketARN=arn, resourcePolicy=policy)
    assert s3tables.get_table_bucket_policy(tableBucketARN=arn)["resourcePolicy"] == policy

    def theirs():
        return catalog(tables, arn, key=keys[0], secret=keys[1])

    assert theirs().load_table(("aws_s3_metadata", "told")).scan().to_arrow().num_rows == 1
    table = s3tables.get_table(tableBucketARN=arn, namespace="aws_s3_metadata", name="told")["tableARN"]
    own = {"tableBucketARN": arn, "namespace": "aws_s3_metadata", "name": "told"}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3tables:GetTableData", "Resource": table}
    s3tables.put_table_policy(**own, resourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    with pytest.raises(ForbiddenError):
        theirs().load_table(("aws_s3_metadata", "told"))
    s3tables.delete_table_policy(**own)
    assert theirs().list_tables("aws_s3_metadata") == [("aws_s3_metadata", "told")]
    s3tables.delete_table_bucket_policy(tableBucketARN=arn)
    with pytest.raises(ForbiddenError):
        theirs()
    public = policy.replace(json.dumps({"AWS": made["Arn"]}), '"*"')
    with pytest.raises(ClientError) as error:
        s3tables.put_table_bucket_policy(tableBucketARN=arn, resourcePolicy=public)
    assert code(error) == ("BadRequestException", 400)
    # Files go with their table: a catalog that would keep them is told that it cannot.
    with pytest.raises(Exception, match="purge"):
        mine.drop_table(("aws_s3_metadata", "told"))
    mine.purge_table(("aws_s3_metadata", "told"))
    assert mine.list_tables("aws_s3_metadata") == []


def test_configurations_are_refused_as_documented(tables):
    s3, bucket = tables.client("s3"), configured(tables)
    other = f"plain-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=other)
    for call, expected in [
        (lambda: s3.get_bucket_metadata_configuration(Bucket=other), ("MetadataConfigurationNotFound", 404)),
        (lambda: s3.delete_bucket_metadata_configuration(Bucket=other), ("MetadataConfigurationNotFound", 404)),
        (lambda: s3.get_bucket_metadata_table_configuration(Bucket=bucket), ("MethodNotAllowed", 405)),
        (lambda: s3.delete_bucket_metadata_table_configuration(Bucket=bucket), ("MethodNotAllowed", 405)),
        (lambda: s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=JOURNAL),
         ("MetadataConfigurationAlreadyExists", 409)),
        (lambda: s3.get_bucket_metadata_configuration(Bucket="nowhere-at-all"), ("NoSuchBucket", 404)),
        (lambda: s3.update_bucket_metadata_journal_table_configuration(
            Bucket=bucket,
            JournalTableConfiguration={"RecordExpiration": {"Expiration": "ENABLED", "Days": 6}}),
         ("InvalidRequest", 400)),
        (lambda: s3.update_bucket_metadata_journal_table_configuration(
            Bucket=other, JournalTableConfiguration={"RecordExpiration": {"Expiration": "DISABLED"}}),
         ("MetadataConfigurationNotFound", 404)),
    ]:
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == expected
    s3.update_bucket_metadata_journal_table_configuration(
        Bucket=bucket, JournalTableConfiguration={"RecordExpiration": {"Expiration": "ENABLED", "Days": 7}})
    assert journal_state(tables, bucket)["RecordExpiration"] == {"Expiration": "ENABLED", "Days": 7}


def test_tables_are_found_and_deleted_by_s3_tables(tables):
    s3, s3tables, bucket = tables.client("s3"), tables.client("s3tables"), configured(tables, name=f"a.b-{uuid.uuid4().hex[:8]}")
    namespace = "b_" + bucket.replace(".", "_")
    assert MANAGED in [each["arn"] for each in s3tables.list_table_buckets(type="aws")["tableBuckets"]]
    assert s3tables.get_table_bucket(tableBucketARN=MANAGED)["type"] == "aws"
    pages = s3tables.get_paginator("list_namespaces").paginate(tableBucketARN=MANAGED, maxNamespaces=1)
    assert [namespace] in [each["namespace"] for page in pages for each in page["namespaces"]]
    assert s3tables.get_namespace(tableBucketARN=MANAGED, namespace=namespace)["ownerAccountId"] == ACCOUNT
    listed = s3tables.list_tables(tableBucketARN=MANAGED, namespace=namespace)["tables"]
    assert [(each["name"], each["managedByService"]) for each in listed] == [("journal", "metadata.s3.amazonaws.com")]
    table = s3tables.get_table(tableBucketARN=MANAGED, namespace=namespace, name="journal")
    assert table["tableARN"] == journal_state(tables, bucket)["TableArn"]
    assert s3tables.get_table(tableArn=table["tableARN"])["metadataLocation"] == table["metadataLocation"]
    where = s3tables.get_table_metadata_location(tableBucketARN=MANAGED, namespace=namespace, name="journal")
    assert where["metadataLocation"].startswith(f"{table['warehouseLocation']}/metadata/")
    with pytest.raises(ClientError) as error:
        s3tables.delete_table(tableBucketARN=MANAGED, namespace=namespace, name="journal", versionToken="other")
    assert code(error) == ("ConflictException", 409)
    s3tables.delete_table(tableBucketARN=MANAGED, namespace=namespace, name="journal")
    state = journal_state(tables, bucket)
    assert (state["TableStatus"], state["Error"]["ErrorCode"]) == ("FAILED", "DestinationTableNotFound")
    # Writes go on without it.
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    with pytest.raises(NoSuchTableError):
        catalog(tables).load_table((namespace, "journal"))
    s3.delete_bucket_metadata_configuration(Bucket=bucket)
    s3.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=JOURNAL)
    eventually(lambda: journal_state(tables, bucket)["TableStatus"] == "ACTIVE")
    with pytest.raises(ClientError) as error:
        s3tables.get_table(tableBucketARN=MANAGED, namespace=namespace, name="other")
    assert code(error) == ("NotFoundException", 404)


def test_catalog_lists_what_there_is(tables):
    bucket = configured(tables, BOTH)
    served = catalog(tables)
    assert (f"b_{bucket}",) in served.list_namespaces()
    eventually(lambda: sorted(served.list_tables(f"b_{bucket}")) == [
        (f"b_{bucket}", "inventory"), (f"b_{bucket}", "journal")])
    assert served.table_exists((f"b_{bucket}", "journal")) and not served.table_exists((f"b_{bucket}", "other"))
    assert served.load_namespace_properties(f"b_{bucket}") == {}
    with pytest.raises(NoSuchNamespaceError):
        served.list_tables("b_nothing")
    empty = served.load_table((f"b_{bucket}", "journal"))
    assert empty.scan().to_arrow().num_rows == 0
    assert [field.name for field in empty.schema().fields] == COLUMNS


def test_table_files_are_read_by_permissions_of_s3_tables_alone(tables):
    s3, bucket = tables.client("s3"), configured(tables)
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    journal(tables, bucket, 1)
    iam, name = tables.client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    keys = (made["AccessKeyId"], made["SecretAccessKey"])

    def allow(*actions):
        iam.put_user_policy(
            UserName=name, PolicyName="p",
            PolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["%s"],"Resource":"*"}}'
            % '","'.join(actions))

    allow("s3:*")
    table = tables.client("s3tables").get_table(
        tableBucketARN=MANAGED, namespace=f"b_{bucket}", name="journal")
    warehouse, key = table["metadataLocation"].removeprefix("s3://").split("/", 1)
    theirs = tables.client("s3", *keys, retries={"max_attempts": 1})
    eventually(lambda: theirs.head_bucket(Bucket=bucket))
    with pytest.raises(ClientError) as error:
        theirs.get_object(Bucket=warehouse, Key=key)
    assert code(error) == ("AccessDenied", 403)
    with pytest.raises(ForbiddenError):
        catalog(tables, key=keys[0], secret=keys[1])
    allow("s3tables:GetTableBucket", "s3tables:GetTableMetadataLocation", "s3tables:GetTableData")
    eventually(lambda: reads(tables, keys, bucket), seconds=20)
    with pytest.raises(ForbiddenError):
        catalog(tables, key=keys[0], secret=keys[1]).list_tables(f"b_{bucket}")
    # Nobody writes them, the account's root neither, and nobody sees their bucket.
    for call in (
        lambda: s3.put_object(Bucket=warehouse, Key=key, Body=b""),
        lambda: s3.delete_object(Bucket=warehouse, Key=key),
        lambda: s3.list_objects_v2(Bucket=warehouse),
        lambda: s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{warehouse}/{key}"),
        lambda: s3.delete_bucket(Bucket=warehouse),
        lambda: s3.put_bucket_versioning(Bucket=warehouse, VersioningConfiguration={"Status": "Enabled"}),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == ("MethodNotAllowed", 405)
    assert not [each["Name"] for each in s3.list_buckets()["Buckets"] if each["Name"].endswith("--table-s3")]


def reads(stack, keys, bucket):
    try:
        served = catalog(stack, key=keys[0], secret=keys[1])
        return served.load_table((f"b_{bucket}", "journal")).scan().to_arrow().num_rows == 1
    except ForbiddenError:
        return False


def test_requester_needs_the_permissions_of_s3_tables(tables):
    iam, name = tables.client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    bucket = f"told-{uuid.uuid4().hex[:8]}"
    tables.client("s3").create_bucket(Bucket=bucket)
    theirs = tables.client("s3", made["AccessKeyId"], made["SecretAccessKey"], retries={"max_attempts": 1})

    def create(*actions):
        iam.put_user_policy(
            UserName=name, PolicyName="p",
            PolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["%s"],"Resource":"*"}}'
            % '","'.join(actions))
        theirs.create_bucket_metadata_configuration(Bucket=bucket, MetadataConfiguration=JOURNAL)
        return True

    own = ["s3:CreateBucketMetadataTableConfiguration", "s3tables:CreateTableBucket", "s3tables:CreateNamespace",
           "s3tables:CreateTable", "s3tables:GetTable"]
    with pytest.raises(ClientError) as error:
        create(*own)
    assert code(error) == ("AccessDenied", 403)

    def allowed():
        try:
            return create(*own, "s3tables:PutTablePolicy")
        except ClientError as error:
            return error.response["Error"]["Code"] == "MetadataConfigurationAlreadyExists"

    eventually(allowed)


def test_tables_under_a_key_are_read_by_those_who_may_decrypt(tables):
    kms, s3, bucket = tables.client("kms"), tables.client("s3"), f"told-{uuid.uuid4().hex[:8]}"
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    key = kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))["KeyMetadata"]
    s3.create_bucket(Bucket=bucket)
    encryption = {"EncryptionConfiguration": {"SseAlgorithm": "aws:kms", "KmsKeyArn": key["Arn"]}}
    s3.create_bucket_metadata_configuration(
        Bucket=bucket,
        MetadataConfiguration={"JournalTableConfiguration": JOURNAL["JournalTableConfiguration"] | encryption})
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    eventually(lambda: journal_state(tables, bucket)["TableStatus"] == "FAILED")
    assert journal_state(tables, bucket)["Error"]["ErrorCode"] == "AccessDeniedWritingToTable"
    services = {"Effect": "Allow", "Principal": {"Service": "metadata.s3.amazonaws.com"},
                "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*",
                "Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": f"{MANAGED}/*"}}}
    kms.put_key_policy(
        KeyId=key["KeyId"], PolicyName="default",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, services]}))
    # What was noted before it could be written is told now.
    eventually(lambda: journal_state(tables, bucket)["TableStatus"] == "ACTIVE")
    assert [row["key"] for row in journal(tables, bucket, 1)] == ["k"]
    described = tables.client("s3tables").get_table_encryption(
        tableBucketARN=MANAGED, namespace=f"b_{bucket}", name="journal")
    assert described["encryptionConfiguration"] == {"sseAlgorithm": "aws:kms", "kmsKeyArn": key["Arn"]}
    location = catalog(tables).load_table((f"b_{bucket}", "journal")).metadata_location
    kms.disable_key(KeyId=key["KeyId"])
    warehouse, name = location.removeprefix("s3://").split("/", 1)
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=warehouse, Key=name)
    assert code(error)[0] == "KMS.DisabledException"


def test_tags_outlive_a_kill_and_count_in_policies(tables):
    s3tables, iam = tables.client("s3tables"), tables.client("iam")
    user, name = f"user-{uuid.uuid4().hex[:8]}", f"mine-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="tagged", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3tables:GetTable*", "Resource": "*",
             "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}]}))
    access = iam.create_access_key(UserName=user)["AccessKey"]
    theirs = tables.client("s3tables", access["AccessKeyId"], access["SecretAccessKey"])
    arn = s3tables.create_table_bucket(name=name, tags={"team": "red", "cost": "1"})["arn"]
    assert theirs.get_table_bucket(tableBucketARN=arn)["name"] == name
    s3tables.tag_resource(resourceArn=arn, tags={"cost": "2", "über/all": "a b"})
    s3tables.untag_resource(resourceArn=arn, tagKeys=["none", "team"])
    with pytest.raises(ClientError) as error:
        theirs.get_table_bucket(tableBucketARN=arn)
    assert code(error) == ("AccessDeniedException", 403)

    table = s3tables.get_table(
        tableBucketARN=MANAGED, namespace=f"b_{configured(tables)}", name="journal")["tableARN"]
    with pytest.raises(ClientError):
        theirs.get_table(tableArn=table)
    s3tables.tag_resource(resourceArn=table, tags={"team": "red"})
    assert theirs.get_table(tableArn=table)["tableARN"] == table
    tables.kill("apus-objects")
    assert eventually(lambda: s3tables.list_tags_for_resource(resourceArn=arn)["tags"]) == {
        "cost": "2", "über/all": "a b"}
    assert s3tables.list_tags_for_resource(resourceArn=table)["tags"] == {"team": "red"}
    assert theirs.get_table(tableArn=table)["tableARN"] == table
    s3tables.put_table_record_expiration_configuration(
        tableArn=table, value={"status": "enabled", "settings": {"days": 30}})
    assert s3tables.get_table_record_expiration_configuration(tableArn=table)["configuration"] == {
        "status": "enabled", "settings": {"days": 30}}
    assert s3tables.create_namespace(tableBucketARN=arn, namespace=["sales"])["namespace"] == ["sales"]


def test_a_restart_changes_nothing(tables):
    s3, bucket = tables.client("s3"), configured(tables, BOTH)
    s3.put_object(Bucket=bucket, Key="before", Body=b"1")
    tables.apus("down")
    tables.start()
    s3.put_object(Bucket=bucket, Key="after", Body=b"1")
    assert [row["key"] for row in journal(tables, bucket, 2)] == ["after", "before"]
    eventually(lambda: len(rows(tables, bucket, "inventory")) == 2, seconds=60)


@pytest.mark.timeout(600)
def test_kills_lose_no_change_and_tell_none_twice(tables):
    """Writers go on while `apus-objects` is killed again and again; the journal then has what the bucket has."""
    s3, bucket = tables.client("s3"), configured(tables, BOTH, versioned=True)
    done, lock, acknowledged = threading.Event(), threading.Lock(), set()

    def write(number):
        mine, step = tables.client("s3", retries={"max_attempts": 1}), 0
        while not done.is_set():
            step += 1
            try:
                key = f"w{number}-{step % 7}"
                if step % 5 == 0:
                    version = mine.delete_object(Bucket=bucket, Key=key)["VersionId"]
                else:
                    version = mine.put_object(Bucket=bucket, Key=key, Body=b"x" * step)["VersionId"]
                with lock:
                    acknowledged.add(version)
            except Exception:  # Killed meanwhile: what became of it the bucket tells.
                time.sleep(0.05)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    chance = random.Random(os.environ.get("APUS_KILL_SEED"))
    for _ in range(int(os.environ.get("APUS_METADATA_KILLS", "8"))):
        # The supervisor takes its time with what crashes again and again.
        before = len(acknowledged)
        eventually(lambda: len(acknowledged) >= before + 10, seconds=60)
        time.sleep(chance.uniform(0, 1.5))
        eventually(lambda: tables.kill("apus-objects"))
    done.set()
    for writer in writers:
        writer.join()
    eventually(lambda: tables.pids("apus-objects"))
    made = []
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        made += [(each["Key"], "CREATE", each["VersionId"]) for each in page.get("Versions", [])]
        made += [(each["Key"], "DELETE", each["VersionId"]) for each in page.get("DeleteMarkers", [])]
    assert acknowledged <= {version for _, _, version in made} and len(acknowledged) > 50
    told = lambda: [(row["key"], row["record_type"], row["version_id"]) for row in rows(tables, bucket)]
    eventually(lambda: len(told()) >= len(made), seconds=60)
    assert collections.Counter(told()) == collections.Counter(made)
    # Of each key in the order in which the bucket has them, the newest first there.
    for key in {key for key, _, _ in made}:
        page = s3.list_object_versions(Bucket=bucket, Prefix=key)
        newest = sorted(
            page.get("Versions", []) + page.get("DeleteMarkers", []), key=lambda each: each["IsLatest"])[-1]
        assert [version for name, _, version in told() if name == key][-1] == newest["VersionId"]
    inventory = lambda: {row["version_id"] for row in rows(tables, bucket, "inventory")}
    eventually(lambda: inventory() == {version for _, _, version in made}, seconds=60)
