"""Functions fed by queues and streams: what becomes of batches that they cannot take, as AWS documents it."""

import io
import json
import time
import uuid
import zipfile

import pytest

from stack import eventually

SOURCE = '''
import json

import boto3

table = boto3.client("dynamodb")


def handle(event, context):
    """Does with each record as its body says, and notes the batch in a table."""
    failed, bodies = [], []
    for record in event["Records"]:
        stream = "dynamodb" in record
        body = record["dynamodb"]["NewImage"]["id"]["S"] if stream else record["body"]
        bodies.append(body)
        if "bad" in body:
            failed.append(record["dynamodb"]["SequenceNumber"] if stream else record["messageId"])
    table.put_item(TableName=TABLE, Item={"id": {"S": context.aws_request_id}, "batch": {"S": json.dumps(bodies)}})
    if MODE == "partial":
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
    if MODE == "nonsense" and failed:
        return {"batchItemFailures": [{"itemIdentifier": "no such record"}]}
    if failed:
        raise ValueError("a bad record")
'''


def policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Feeding:
    """A function that notes its batches, and what it can be fed from."""

    def __init__(self, stack):
        self.stack = stack
        self.id = uuid.uuid4().hex[:10]
        self.dynamodb, self.sqs, self.functions = (stack.client(name) for name in ("dynamodb", "sqs", "lambda"))
        self.table(f"batches-{self.id}")

    def table(self, name, **more):
        return self.dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], **more)["TableDescription"]

    def function(self, mode):
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam, name = self.stack.client("iam"), f"f-{self.id}"
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(
            {"Effect": "Allow", "Action": ["dynamodb:*", "sqs:*", "logs:*"], "Resource": "*"}))
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("handler.py", f"TABLE, MODE = 'batches-{self.id}', {mode!r}\n{SOURCE}")
        self.functions.create_function(
            FunctionName=name, Runtime="python3.11", Handler="handler.handle", Role=role, Timeout=5,
            Code={"ZipFile": package.getvalue()})
        return name

    def queue(self, suffix="", **attributes):
        url = self.sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:10]}{suffix}", Attributes=attributes)["QueueUrl"]
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, answer["Attributes"]["QueueArn"]

    def stream(self, *items):
        """A table's stream with these items' records in one shard, in this order."""
        name = f"t-{self.id}"
        view = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        arn = self.table(name, StreamSpecification=view)["LatestStreamArn"]
        for item in items:
            self.put(item)
        return arn

    def put(self, item):
        self.dynamodb.put_item(TableName=f"t-{self.id}", Item={"id": {"S": item}})

    def read(self, source, mode="raise", **settings):
        return self.functions.create_event_source_mapping(
            EventSourceArn=source, FunctionName=self.function(mode), **settings)

    def batches(self):
        items = self.dynamodb.scan(TableName=f"batches-{self.id}", ConsistentRead=True)["Items"]
        return sorted(json.loads(item["batch"]["S"]) for item in items)

    def received(self, url, count=1):
        """The bodies of so many messages of a queue."""
        bodies = []

        def enough():
            answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                bodies.append(message["Body"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return len(bodies) >= count

        eventually(enough, seconds=60)
        return bodies

    def left(self, url):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(count) for count in counts.values())


@pytest.fixture
def feeding(stack):
    return Feeding(stack)


def dead_letters_to(feeding, arn, receives):
    return {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})}


def send(feeding, url, *bodies):
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    assert len(feeding.sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == len(bodies)


def test_a_queues_messages_are_deleted_when_the_function_took_them(feeding):
    url, arn = feeding.queue()
    send(feeding, url, "one", "two")
    feeding.read(arn)
    eventually(lambda: sum(feeding.batches(), []) and feeding.left(url) == 0)
    assert sorted(sum(feeding.batches(), [])) == ["one", "two"]


def test_a_failed_batch_returns_as_a_whole_and_ends_in_the_dead_letter_queue(feeding):
    dead, dead_arn = feeding.queue()
    url, arn = feeding.queue(VisibilityTimeout="5", **dead_letters_to(feeding, dead_arn, receives=2))
    send(feeding, url, "bad", "good")
    feeding.read(arn, BatchSize=2, MaximumBatchingWindowInSeconds=1)
    assert sorted(feeding.received(dead, count=2)) == ["bad", "good"]
    assert feeding.batches().count(["bad", "good"]) + feeding.batches().count(["good", "bad"]) == 2


@pytest.mark.parametrize(("mode", "returned"), [("partial", ["bad"]), ("nonsense", ["bad", "good"])])
def test_only_reported_messages_return(feeding, mode, returned):
    dead, dead_arn = feeding.queue()
    url, arn = feeding.queue(VisibilityTimeout="5", **dead_letters_to(feeding, dead_arn, receives=1))
    send(feeding, url, "bad", "good")
    feeding.read(
        arn, mode, BatchSize=2, MaximumBatchingWindowInSeconds=1, FunctionResponseTypes=["ReportBatchItemFailures"])
    assert sorted(feeding.received(dead, count=len(returned))) == returned
    assert feeding.left(url) == 0 and feeding.left(dead) == 0


def test_messages_that_pass_no_filter_are_deleted_unseen(feeding):
    url, arn = feeding.queue()
    send(feeding, url, '{"size": 3, "color": "red"}', '{"size": 30, "color": "red"}', '{"color": "red"}', "no JSON")
    feeding.read(arn, FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": {"size": [{"numeric": [">", 10]}]}})}]})
    eventually(lambda: feeding.batches() and feeding.left(url) == 0)
    assert feeding.batches() == [['{"size": 30, "color": "red"}']]


def test_the_first_reported_record_of_a_stream_is_where_the_next_batch_begins(feeding):
    dead, dead_arn = feeding.queue()
    stream = feeding.stream("a", "b", "bad", "c")
    feeding.read(
        stream, "partial", StartingPosition="TRIM_HORIZON", BatchSize=10, MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"], DestinationConfig={"OnFailure": {"Destination": dead_arn}})
    report = json.loads(feeding.received(dead)[0])
    assert report["DDBStreamBatchInfo"]["batchSize"] == 2
    assert feeding.batches() == [["a", "b", "bad", "c"], ["bad", "c"], ["bad", "c"]]
    # What was given up holds up nothing.
    feeding.put("d")
    eventually(lambda: ["d"] in feeding.batches())


def test_a_batch_is_given_up_after_its_retries_and_reported(feeding):
    dead, dead_arn = feeding.queue()
    stream = feeding.stream("bad")
    mapping = feeding.read(
        stream, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=2,
        DestinationConfig={"OnFailure": {"Destination": dead_arn}})
    report = json.loads(feeding.received(dead)[0])
    assert feeding.batches() == [["bad"]] * 3
    assert report["version"] == "1.0"
    assert report["requestContext"]["functionArn"] == mapping["FunctionArn"]
    assert report["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert report["requestContext"]["approximateInvokeCount"] == 3
    assert report["responseContext"] == {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    batch = report["DDBStreamBatchInfo"]
    assert batch["streamArn"] == stream and batch["batchSize"] == 1
    assert batch["startSequenceNumber"] == batch["endSequenceNumber"]
    streams = feeding.stack.client("dynamodbstreams")
    iterator = streams.get_shard_iterator(
        StreamArn=stream, ShardId=batch["shardId"], ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"])["ShardIterator"]
    # The report tells where to find what it does not hold.
    assert streams.get_records(ShardIterator=iterator)["Records"][0]["dynamodb"]["NewImage"]["id"]["S"] == "bad"


def test_splitting_finds_the_one_bad_record_without_using_up_retries(feeding):
    dead, dead_arn = feeding.queue()
    stream = feeding.stream("a", "b", "bad", "c")
    feeding.read(
        stream, StartingPosition="TRIM_HORIZON", BatchSize=4, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": dead_arn}})
    report = json.loads(feeding.received(dead)[0])
    assert report["DDBStreamBatchInfo"]["batchSize"] == 1
    eventually(lambda: ["c"] in feeding.batches())
    assert feeding.batches() == [["a", "b"], ["a", "b", "bad", "c"], ["bad"], ["bad", "c"], ["c"]]


def test_a_failing_record_is_tried_until_it_succeeds_and_holds_up_those_behind_it(feeding):
    stream = feeding.stream("bad")
    mapping = feeding.read(stream, StartingPosition="TRIM_HORIZON", BatchSize=1)
    feeding.put("behind")
    eventually(lambda: len(feeding.batches()) >= 3)
    assert ["behind"] not in feeding.batches()
    feeding.functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRetryAttempts=0)
    eventually(lambda: ["behind"] in feeding.batches())


def test_records_that_pass_no_filter_are_passed_over(feeding):
    stream = feeding.stream("a", "wanted-1", "b", "wanted-2")
    pattern = {"dynamodb": {"NewImage": {"id": {"S": [{"prefix": "wanted"}]}}}, "eventName": ["INSERT"]}
    feeding.read(
        stream, StartingPosition="TRIM_HORIZON", FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    eventually(lambda: sum(feeding.batches(), []) == ["wanted-1", "wanted-2"])


def test_a_mapping_from_the_latest_record_leaves_out_what_was_before(feeding):
    stream = feeding.stream("old")
    # Records tell their time in whole seconds.
    time.sleep(1.1)
    feeding.read(stream, StartingPosition="LATEST")
    feeding.put("new")
    eventually(lambda: feeding.batches())
    assert feeding.batches() == [["new"]]
