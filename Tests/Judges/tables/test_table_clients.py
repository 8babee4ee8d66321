"""Clients of DynamoDB that others wrote, unmodified, configured as for AWS: by AWS's variables, with signing on."""

import asyncio
import datetime
import decimal
import json
import pathlib
import subprocess
import sys
import time
import uuid
from urllib.parse import quote

import boto3
import boto3.dynamodb.types
import pytest
from boto3.dynamodb.conditions import Attr, Key


@pytest.fixture(scope="module")
def dynamodb():
    return boto3.resource("dynamodb")


@pytest.fixture
def name():
    return f"judged-{uuid.uuid4().hex[:8]}"


def create(name, partition="id", sort=None, kind="S"):
    keys = [(partition, "HASH", kind)] + ([(sort, "RANGE", "S")] if sort else [])
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": type} for key, _, type in keys],
        KeySchema=[{"AttributeName": key, "KeyType": role} for key, role, _ in keys])
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


# boto3 ---------------------------------------------------------------------------------------------------------------

def test_resources(dynamodb, name):
    """Batches that repeat a key, pages, conditions that are built, and all types that boto3 has."""
    table = dynamodb.Table(create(name, "id", "at"))
    with table.batch_writer(overwrite_by_pkeys=["id", "at"]) as batch:
        for number in range(120):
            batch.put_item({"id": "a", "at": f"{number % 100:03}", "n": number, "text": "x" * 9000})
        batch.delete_item(Key={"id": "a", "at": "099"})
    pages = list(boto3.client("dynamodb").get_paginator("query").paginate(
        TableName=name, KeyConditionExpression="id = :a", ExpressionAttributeValues={":a": {"S": "a"}},
        PaginationConfig={"PageSize": 30}))
    assert [page["Count"] for page in pages] == [30, 30, 30, 9]
    found = table.query(KeyConditionExpression=Key("id").eq("a") & Key("at").between("010", "020"),
                        FilterExpression=Attr("n").gt(112) & ~Attr("text").contains("y"), ScanIndexForward=False)
    assert [int(item["n"]) for item in found["Items"]] == [119, 118, 117, 116, 115, 114, 113]
    item = {"id": "b", "at": "1", "n": decimal.Decimal("-1.5E-100"), "b": boto3.dynamodb.types.Binary(b"\0\xff"),
            "ns": {decimal.Decimal(1), decimal.Decimal("2.5")}, "ss": {"a", "b"}, "none": None, "yes": True,
            "l": [1, {"deep": [{"x"}]}], "m": {}}
    table.put_item(Item=item)
    assert table.get_item(Key={"id": "b", "at": "1"}, ConsistentRead=True)["Item"] == item
    with pytest.raises(dynamodb.meta.client.exceptions.ConditionalCheckFailedException) as refused:
        table.put_item(Item={"id": "b", "at": "1"}, ConditionExpression=Attr("id").not_exists(),
                       ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert refused.value.response["Item"]["ss"] == {"SS": ["a", "b"]}
    assert sum(page["Count"] for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=name)) == 100
    table.delete()
    table.wait_until_not_exists()


def test_aioboto3(name):
    aioboto3 = pytest.importorskip("aioboto3")
    create(name)

    async def run():
        async with aioboto3.Session().resource("dynamodb") as dynamodb:
            table = await dynamodb.Table(name)
            async with table.batch_writer() as batch:
                for number in range(60):
                    await batch.put_item(Item={"id": str(number), "n": number})
            await asyncio.gather(*(
                table.update_item(Key={"id": "1"}, UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": 1})
                for _ in range(50)))
            assert (await table.get_item(Key={"id": "1"}, ConsistentRead=True))["Item"]["n"] == 51
            return sum([page["Count"] async for page in dynamodb.meta.client.get_paginator("scan").paginate(
                TableName=name, PaginationConfig={"PageSize": 7})])

    assert asyncio.run(run()) == 60


# The command line ----------------------------------------------------------------------------------------------------

def aws(*words, fails=None):
    program = pathlib.Path(sys.executable).parent / "aws"
    if not program.exists():
        pytest.skip("the AWS CLI is not installed")
    done = subprocess.run([program, "dynamodb", *words], capture_output=True, text=True, timeout=120, check=False)
    if fails:
        assert fails in done.stderr, done.stderr
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_the_command_line(name, tmp_path):
    aws("create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions",
        "AttributeName=id,AttributeType=S", "AttributeName=at,AttributeType=N", "--key-schema",
        "AttributeName=id,KeyType=HASH", "AttributeName=at,KeyType=RANGE")
    aws("wait", "table-exists", "--table-name", name)
    requests = {name: [{"PutRequest": {"Item": {"id": {"S": "a"}, "at": {"N": str(n)}}}} for n in range(20)]}
    (tmp_path / "requests.json").write_text(json.dumps(requests))
    assert aws("batch-write-item", "--request-items", f"file://{tmp_path}/requests.json")["UnprocessedItems"] == {}
    first = aws("scan", "--table-name", name, "--max-items", "5", "--page-size", "2")
    assert len(first["Items"]) == 5
    rest = aws("scan", "--table-name", name, "--starting-token", first["NextToken"])
    assert len(rest["Items"]) == 15
    aws("execute-statement", "--statement", f"INSERT INTO \"{name}\" VALUE {{'id': 'b', 'at': 1, 'tags': <<'x','y'>>}}")
    aws("execute-statement", "--statement", f"UPDATE \"{name}\" SET n = ? WHERE id = 'b' AND at = 1",
        "--parameters", '[{"N": "7"}]')
    found = aws("execute-statement", "--statement", f"SELECT * FROM \"{name}\" WHERE id = 'b'")["Items"]
    assert found == [{"id": {"S": "b"}, "at": {"N": "1"}, "n": {"N": "7"}, "tags": {"SS": ["x", "y"]}}]
    page = aws("execute-statement", "--statement", f"SELECT at FROM \"{name}\" WHERE id = 'a'", "--limit", "8")
    assert len(page["Items"]) == 8
    assert len(aws("execute-statement", "--statement", f"SELECT at FROM \"{name}\" WHERE id = 'a'",
                   "--next-token", page["NextToken"])["Items"]) == 12
    results = aws("batch-execute-statement", "--statements", json.dumps(
        [{"Statement": f"SELECT n FROM \"{name}\" WHERE id = 'b' AND at = 1"},
         {"Statement": f"SELECT n FROM \"{name}x\" WHERE id = 'b' AND at = 1"}]))["Responses"]
    assert results[0]["Item"] == {"n": {"N": "7"}} and results[1]["Error"]["Code"] == "ResourceNotFound"
    aws("execute-transaction", "--transact-statements", json.dumps(
        [{"Statement": f"INSERT INTO \"{name}\" VALUE {{'id': 'b', 'at': 1}}"}]), fails="DuplicateItem")
    aws("execute-statement", "--statement", f"DELETE FROM \"{name}\" WHERE id = 'b'", fails="ValidationException")
    aws("update-time-to-live", "--table-name", name, "--time-to-live-specification", "Enabled=true,AttributeName=ttl")
    aws("delete-table", "--table-name", name)
    aws("wait", "table-not-exists", "--table-name", name)


# Mappers -------------------------------------------------------------------------------------------------------------

def test_dyntastic(name, monkeypatch):
    # It changes how boto3 reads binaries, for everybody in the process.
    types = boto3.dynamodb.types.TypeDeserializer
    monkeypatch.setattr(types, "_deserialize_b", types._deserialize_b)
    dyntastic = pytest.importorskip("dyntastic")

    class Event(dyntastic.Dyntastic):
        __table_name__ = name
        __hash_key__ = "id"
        __range_key__ = "at"

        id: str
        at: datetime.datetime
        weight: decimal.Decimal = decimal.Decimal(0)
        tags: list[str] = []
        kind: str | None = None

    Event.create_table(dyntastic.Index("kind", "at"), wait=True)
    day = datetime.datetime(2026, 11, 22)
    with Event.batch_writer():
        for number in range(30):
            Event(id="a", at=day + datetime.timedelta(days=number), weight=decimal.Decimal(number) / 4,
                  kind="even" if number % 2 == 0 else None).save()
    assert Event.get("a", day + datetime.timedelta(days=3)).weight == decimal.Decimal("0.75")
    assert len(list(Event.query(dyntastic.A.kind == "even", index="kind_at-index"))) == 15
    late = list(Event.query("a", range_key_condition=dyntastic.A.at > day + datetime.timedelta(days=20),
                            filter_condition=dyntastic.A.weight < 6))
    assert [event.at.day for event in late] == [13, 14, 15]
    event = Event.get("a", day)
    event.update(dyntastic.A.tags.append("x"), condition=dyntastic.A.kind == "even")
    assert Event.get("a", day).tags == ["x"]
    with dyntastic.transaction():
        Event(id="b", at=day).save()
        Event(id="c", at=day).save()
    assert len(list(Event.batch_get([("b", day), ("c", day), ("d", day)]))) == 2
    with pytest.raises(dyntastic.DoesNotExist):
        Event.get("d", day)


def test_bloop(name):
    """Also reads the table's stream, which few clients do."""
    bloop = pytest.importorskip("bloop")

    class User(bloop.BaseModel):
        class Meta:
            table_name = name
            stream = {"include": ["new", "old"]}
            ttl = {"column": "until"}

        id = bloop.Column(bloop.UUID, hash_key=True)
        email = bloop.Column(bloop.String)
        data = bloop.Column(bloop.Map(age=bloop.Integer, names=bloop.Set(bloop.String)))
        until = bloop.Column(bloop.Timestamp)
        by_email = bloop.GlobalSecondaryIndex(projection="all", hash_key="email")

    engine = bloop.Engine()
    engine.bind(User)
    stream = engine.stream(User, "trim_horizon")
    user = User(id=uuid.uuid4(), email="a@example.com", data={"age": 3, "names": {"a", "b"}})
    engine.save(user, condition=User.id.is_(None))
    with pytest.raises(bloop.ConstraintViolation):
        engine.save(User(id=user.id), condition=User.id.is_(None))
    assert engine.query(User.by_email, key=User.email == "a@example.com").one().id == user.id
    user.data["age"] = 4
    engine.save(user)
    loaded = User(id=user.id)
    engine.load(loaded, consistent=True)
    assert loaded.data == {"age": 4, "names": {"a", "b"}}
    with engine.transaction() as transaction:
        transaction.save(User(id=uuid.uuid4(), email="b@example.com"))
        transaction.delete(user)
    assert engine.scan(User, filter=User.email.begins_with("b")).one().email == "b@example.com"
    changes = []
    deadline = time.monotonic() + 30
    while len(changes) < 4 and time.monotonic() < deadline:
        if record := next(stream):
            changes.append((record["old"] is not None, record["new"] is not None))
    assert sorted(changes) == [(False, True), (False, True), (True, False), (True, True)]


def test_dynamodb_json(dynamodb, name):
    dynamodb_json = pytest.importorskip("dynamodb_json.json_util")
    create(name)
    item = {"id": "a", "n": 1.5, "list": [1, "two", {"three": None}], "on": True}
    client = boto3.client("dynamodb")
    client.put_item(TableName=name, Item=json.loads(dynamodb_json.dumps(item)))
    assert dynamodb_json.loads(client.scan(TableName=name))["Items"] == [item]


def test_dynamo_pandas(name):
    pandas = pytest.importorskip("pandas")
    dynamo_pandas = pytest.importorskip("dynamo_pandas")
    create(name)
    frame = pandas.DataFrame({"id": [f"{n}" for n in range(150)], "n": range(150), "half": [n / 2 for n in range(150)]})
    dynamo_pandas.put_df(frame, table=name)
    back = dynamo_pandas.get_df(table=name, keys=dynamo_pandas.keys(id=[f"{n}" for n in range(0, 150, 3)]))
    assert sorted(back["n"].astype(int)) == list(range(0, 150, 3))


def test_awswrangler(name):
    wrangler = pytest.importorskip("awswrangler")
    pandas = pytest.importorskip("pandas")
    create(name, "id", "at")
    frame = pandas.DataFrame({"id": ["a"] * 40, "at": [f"{n:02}" for n in range(40)], "n": range(40)})
    wrangler.dynamodb.put_df(df=frame, table_name=name)
    wrangler.dynamodb.put_items(items=[{"id": "b", "at": "1", "tags": {"x"}}], table_name=name)
    assert wrangler.dynamodb.get_table(table_name=name).key_schema[0]["AttributeName"] == "id"
    read = wrangler.dynamodb.read_items(
        table_name=name, key_condition_expression=Key("id").eq("a") & Key("at").lt("07"))
    assert list(read["n"].astype(int)) == list(range(7))
    assert len(wrangler.dynamodb.read_items(table_name=name, allow_full_scan=True)) == 41
    found = wrangler.dynamodb.read_partiql_query(
        query=f"SELECT * FROM \"{name}\" WHERE id=? AND at BETWEEN ? AND ?", parameters=["a", "10", "12"])
    assert sorted(found["n"].astype(int)) == [10, 11, 12]
    wrangler.dynamodb.delete_items(items=[{"id": "b", "at": "1"}], table_name=name)
    assert len(wrangler.dynamodb.read_items(table_name=name, allow_full_scan=True)) == 40


# What keeps its state in a table --------------------------------------------------------------------------------------

def test_the_encryption_client(dynamodb, name):
    """Its data keys come from KMS, and what it signs holds against what comes back."""
    encrypted = pytest.importorskip("dynamodb_encryption_sdk.encrypted.table")
    from dynamodb_encryption_sdk.identifiers import CryptoAction
    from dynamodb_encryption_sdk.material_providers.aws_kms import AwsKmsCryptographicMaterialsProvider
    from dynamodb_encryption_sdk.structures import AttributeActions

    create(name)
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    actions = AttributeActions(default_action=CryptoAction.ENCRYPT_AND_SIGN,
                               attribute_actions={"open": CryptoAction.DO_NOTHING})
    table = encrypted.EncryptedTable(table=dynamodb.Table(name), attribute_actions=actions,
                                     materials_provider=AwsKmsCryptographicMaterialsProvider(key_id=key))
    item = {"id": "a", "secret": "nobody's", "n": decimal.Decimal(7), "set": {"x", "y"}, "list": [{"m": None}],
            "open": 1}
    table.put_item(Item=item)
    assert table.get_item(Key={"id": "a"})["Item"] == item
    raw = dynamodb.Table(name).get_item(Key={"id": "a"})["Item"]
    assert raw["open"] == 1 and b"nobody" not in bytes(raw["secret"])
    dynamodb.Table(name).update_item(
        Key={"id": "a"}, UpdateExpression="SET #n = :n", ExpressionAttributeNames={"#n": "n"},
        ExpressionAttributeValues={":n": raw["secret"]})
    with pytest.raises(Exception):
        table.get_item(Key={"id": "a"})


def test_the_lock_client(dynamodb, name):
    locks = pytest.importorskip("python_dynamodb_lock.python_dynamodb_lock")
    client = boto3.client("dynamodb")
    locks.DynamoDBLockClient.create_dynamodb_table(client, table_name=name)
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    short = {"table_name": name, "heartbeat_period": datetime.timedelta(seconds=1),
             "safe_period": datetime.timedelta(seconds=3), "lease_duration": datetime.timedelta(seconds=5)}
    first, second = (locks.DynamoDBLockClient(dynamodb, owner_name=owner, **short) for owner in ("first", "second"))
    held = first.acquire_lock("door")
    with pytest.raises(locks.DynamoDBLockError):
        second.acquire_lock("door", retry_period=datetime.timedelta(seconds=1),
                            retry_timeout=datetime.timedelta(seconds=2))
    held.release()
    second.acquire_lock("door").release()
    first.close(), second.close()


def test_idempotent_functions(name):
    """AWS's own library for functions, which claims a call by a condition on three attributes."""
    idempotency = pytest.importorskip("aws_lambda_powertools.utilities.idempotency")
    create(name)
    store = idempotency.DynamoDBPersistenceLayer(table_name=name)
    runs = []

    @idempotency.idempotent_function(data_keyword_argument="order", persistence_store=store,
                                     config=idempotency.IdempotencyConfig(expires_after_seconds=60))
    def pay(order):
        runs.append(order)
        return {"paid": order["id"]}

    assert [pay(order={"id": number % 3}) for number in range(9)] == [{"paid": number % 3} for number in range(9)]
    assert len(runs) == 3
    item = boto3.client("dynamodb").scan(TableName=name)["Items"][0]
    assert item["status"] == {"S": "COMPLETED"} and "expiration" in item


def test_results_of_celery(name):
    celery = pytest.importorskip("celery")
    endpoint = boto3.client("dynamodb").meta.endpoint_url.removeprefix("http://")
    credentials = boto3.session.Session().get_credentials()
    app = celery.Celery("judge", broker="memory://")
    app.conf.update(
        result_backend=f"dynamodb://{credentials.access_key}:{quote(credentials.secret_key, '')}@{endpoint}/{name}"
                       "?read=5&write=5&ttl_seconds=600", result_expires=None)
    backend = app.backend
    backend.store_result("task", {"a": [1, 2]}, "SUCCESS")
    assert backend.get_result("task") == {"a": [1, 2]}
    assert boto3.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"][
        "TimeToLiveStatus"] == "ENABLED"
    backend.forget("task")
    assert backend.get_state("task") == "PENDING"


def test_sessions_of_flask(dynamodb, name):
    flask = pytest.importorskip("flask")
    sessions = pytest.importorskip("flask_session")
    app = flask.Flask("judge")
    app.config.update(SESSION_TYPE="dynamodb", SESSION_DYNAMODB=dynamodb, SESSION_DYNAMODB_TABLE=name)
    sessions.Session(app)

    @app.route("/")
    def visit():
        flask.session["visits"] = flask.session.get("visits", 0) + 1
        return str(flask.session["visits"])

    browser = app.test_client()
    assert [browser.get("/").text for _ in range(4)] == ["1", "2", "3", "4"]
    assert app.test_client().get("/").text == "1"
    assert dynamodb.Table(name).scan()["Count"] == 2
