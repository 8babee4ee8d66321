"""What is written to every service while its executables are killed."""

import io
import json
import random
import time
import zipfile

from PIL import Image

from load import Drain, Writer
from stack import eventually

FUNCTION = '''
import time

import boto3
import botocore.config

table = boto3.client("dynamodb", config=botocore.config.Config(
    retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5))


def names(event):
    for record in event.get("Records", []):
        if record["eventSource"] == "aws:dynamodb":
            yield record["dynamodb"]["Keys"]["id"]["S"]
        else:
            yield record["body"]
    if "name" in event:
        yield event["name"]


def handle(event, context):
    for name in names(event):
        while True:
            try:
                table.update_item(
                    TableName="Seen", Key={"id": {"S": name}}, UpdateExpression="ADD times :one",
                    ExpressionAttributeValues={":one": {"N": "1"}})
                break
            except Exception:
                if context.get_remaining_time_in_millis() < 6000:
                    raise
                time.sleep(0.1)
'''


class Function:
    """Notes in the table `Seen` what it is told of."""

    def __init__(self, stack):
        self.stack = stack

    def prepare(self):
        make_table(self.stack, "Seen")
        iam, functions = self.stack.client("iam"), self.stack.client("lambda")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName="seer", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="seer", PolicyName="all", PolicyDocument=policy(
            {"Effect": "Allow", "Action": ["dynamodb:*", "sqs:*", "logs:*"], "Resource": "*"}))
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("handler.py", FUNCTION)
        functions.create_function(
            FunctionName="seer", Runtime="python3.11", Handler="handler.handle", Role=role, Timeout=30,
            Code={"ZipFile": package.getvalue()})

    def read(self, source, **settings):
        self.stack.client("lambda").create_event_source_mapping(
            EventSourceArn=source, FunctionName="seer", **settings)

    def seen(self):
        return {item["id"]["S"]: int(item["times"]["N"]) for item in scan(self.stack, "Seen")}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def make_table(stack, name, **more):
    return stack.client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], **more)["TableDescription"]


def scan(stack, table):
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def make_queue(stack, name, sender=None, **attributes):
    """A queue's URL and ARN; `sender` is a service that may send to it."""
    sqs = stack.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if sender:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy({
            "Effect": "Allow", "Principal": {"Service": sender}, "Action": "sqs:SendMessage", "Resource": arn})})
    return url, arn


class Items(Writer):
    """Items whose stream a function follows."""

    service = "dynamodb"

    def prepare(self):
        table = make_table(
            self.stack, "Items", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        Function(self.stack).read(table["LatestStreamArn"], StartingPosition="TRIM_HORIZON", BatchSize=50)

    def write(self, name):
        self.insist(self.client.put_item, TableName="Items", Item={"id": {"S": name}, "text": {"S": name * 20}})

    def check(self):
        items = {item["id"]["S"]: item["text"]["S"] for item in scan(self.stack, "Items")}
        assert not self.missing(items)
        assert all(text == name * 20 for name, text in items.items())
        eventually(lambda: items.keys() <= Function(self.stack).seen().keys(), seconds=90)


class Transactions(Writer):
    """Two items and a counter in one transaction: all or nothing, and with its token once only."""

    service = "dynamodb"

    def prepare(self):
        for table in ("Left", "Right", "Counters"):
            make_table(self.stack, table)

    def write(self, name):
        item = {"id": {"S": name}}
        count = {
            "TableName": "Counters", "Key": {"id": {"S": "all"}}, "UpdateExpression": "ADD times :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        self.insist(self.client.transact_write_items, ClientRequestToken=name, TransactItems=[
            {"Put": {"TableName": "Left", "Item": item}}, {"Update": count},
            {"Put": {"TableName": "Right", "Item": item}},
        ])

    def check(self):
        left, right = ({item["id"]["S"] for item in scan(self.stack, table)} for table in ("Left", "Right"))
        assert left == right and not self.missing(left)
        assert int(scan(self.stack, "Counters")[0]["times"]["N"]) == len(left) == len(self.acknowledged)


class Objects(Writer):
    """Objects small and large, whose arrival is told to a queue."""

    service = "s3"
    bucket = "objects-under-fire"

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)
        self.url, arn = make_queue(self.stack, "object-events", sender="s3.amazonaws.com")
        self.client.put_bucket_notification_configuration(Bucket=self.bucket, NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]})

    def body(self, name):
        chance = random.Random(name)
        return chance.randbytes(chance.choice([100, 5_000, 60_000, 300_000]))

    def write(self, name):
        self.insist(self.client.put_object, Bucket=self.bucket, Key=name, Body=self.body(name))

    def keys(self):
        pages = self.stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def check(self):
        keys = self.keys()
        assert not self.missing(keys)
        for key in keys:
            assert self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() == self.body(key)
        events = Drain(self, self.url)

        def told():
            events.take()
            records = [record for body in events.bodies for record in json.loads(body).get("Records", [])]
            return {record["s3"]["object"]["key"] for record in records} >= set(keys)

        eventually(told, seconds=90)


class Uploads(Writer):
    """Objects put together of parts."""

    service = "s3"
    bucket = "uploads-under-fire"
    pause = 4
    # Of the completion: the object is there, and the upload is over.
    done_before = ("NoSuchUpload",)

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)

    def parts(self, name):
        return [random.Random(name).randbytes(5 << 20), name.encode()]

    def write(self, name):
        target = {"Bucket": self.bucket, "Key": name}
        begun = self.insist(self.client.create_multipart_upload, **target, ChecksumAlgorithm="CRC32")
        upload = target | {"UploadId": begun["UploadId"]}
        tags = [
            self.insist(self.client.upload_part, **upload, PartNumber=number, Body=part)["ETag"]
            for number, part in enumerate(self.parts(name), start=1)
        ]
        self.insist(self.client.complete_multipart_upload, **upload, MultipartUpload={
            "Parts": [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, start=1)]})

    def check(self):
        keys = [entry["Key"] for entry in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        assert not self.missing(keys)
        for key in keys:
            assert self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() == b"".join(self.parts(key))


class Photos(Writer):
    """Pictures of which smaller ones are made."""

    service = "s3"
    bucket = "photos-under-fire"
    pause = 1

    def prepare(self):
        self.client.create_bucket(Bucket=self.bucket)
        self.client.put_bucket_tagging(
            Bucket=self.bucket, Tagging={"TagSet": [{"Key": "apus:thumbnails", "Value": "32"}]})
        out = io.BytesIO()
        Image.radial_gradient("L").convert("RGB").save(out, "JPEG")
        self.photo = out.getvalue()

    def write(self, name):
        self.insist(
            self.client.put_object, Bucket=self.bucket, Key=f"{name}.jpg", Body=self.photo, ContentType="image/jpeg")

    def check(self):
        def thumbnails():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="thumbnails/32/")
            return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

        wanted = {f"thumbnails/32/{name}.jpg" for name in self.acknowledged}
        eventually(lambda: wanted <= thumbnails(), seconds=90)


class Messages(Writer):
    """Messages of a standard queue, some taken out again: what was deleted does not come back."""

    service = "sqs"

    def prepare(self):
        self.url, _ = make_queue(self.stack, "messages-under-fire", VisibilityTimeout="10")
        self.taken = Drain(self, self.url)

    def write(self, name):
        self.insist(self.client.send_message, QueueUrl=self.url, MessageBody=name)
        if int(name[-1]) < 3:
            self.taken.take(seconds=0)

    def check(self):
        deleted = list(self.taken.bodies)
        rest = Drain(self, self.url)

        def all_there():
            rest.take(seconds=1)
            return not self.missing(deleted + rest.bodies)

        eventually(all_there, seconds=60)
        # A send whose answer was lost was done twice, as two messages: deleting one leaves the other.
        returned = len(set(deleted) & set(rest.bodies))
        assert returned <= self.repeats


class OrderedMessages(Writer):
    """Messages of a FIFO queue: once and in order, also where a send was repeated."""

    service = "sqs"

    def prepare(self):
        self.url, _ = make_queue(self.stack, "ordered.fifo", FifoQueue="true", VisibilityTimeout="10")

    def write(self, name):
        self.insist(
            self.client.send_message, QueueUrl=self.url, MessageBody=name, MessageGroupId="all",
            MessageDeduplicationId=name)

    def check(self):
        drain = Drain(self, self.url)
        eventually(lambda: not drain.take(seconds=2) and not self.missing(drain.bodies), seconds=60)
        assert drain.bodies == self.acknowledged


class Tasks(Writer):
    """Messages that a function takes from a queue."""

    service = "sqs"

    def prepare(self):
        self.url, arn = make_queue(self.stack, "tasks-under-fire", VisibilityTimeout="40")
        Function(self.stack).read(arn, BatchSize=10)

    def write(self, name):
        self.insist(self.client.send_message, QueueUrl=self.url, MessageBody=name)

    def check(self):
        eventually(lambda: not self.missing(Function(self.stack).seen()), seconds=120)


class News(Writer):
    """Notifications of a topic, delivered to a queue."""

    service = "sns"

    def prepare(self):
        self.topic = self.client.create_topic(Name="news-under-fire")["TopicArn"]
        self.url, arn = make_queue(self.stack, "news-under-fire", sender="sns.amazonaws.com")
        self.client.subscribe(
            TopicArn=self.topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})

    def write(self, name):
        self.insist(self.client.publish, TopicArn=self.topic, Message=name)

    def check(self):
        drain = Drain(self, self.url)

        def all_there():
            drain.take()
            return not self.missing(drain.bodies)

        eventually(all_there, seconds=90)


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


class Invocations(Writer):
    """Asynchronous invocations of a function."""

    service = "lambda"
    pause = 0.25

    def write(self, name):
        self.insist(
            self.client.invoke, FunctionName="seer", InvocationType="Event", Payload=json.dumps({"name": name}))

    def check(self):
        eventually(lambda: not self.missing(Function(self.stack).seen()), seconds=120)


class LogLines(Writer):
    """Events of a log stream."""

    service = "logs"

    def prepare(self):
        self.client.create_log_group(logGroupName="under-fire")
        self.client.create_log_stream(logGroupName="under-fire", logStreamName="lines")
        self.start = int(time.time() * 1000)

    def write(self, name):
        self.insist(
            self.client.put_log_events, logGroupName="under-fire", logStreamName="lines",
            logEvents=[{"timestamp": self.start + len(self.acknowledged), "message": name}])

    def check(self):
        pages = self.client.get_paginator("filter_log_events").paginate(logGroupName="under-fire")
        assert not self.missing(event["message"] for page in pages for event in page["events"])


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


class Apis(Writer):
    """REST APIs; each is born with its root resource."""

    service = "apigateway"
    pause = 0.5

    def prepare(self):
        self.ids = {}

    def write(self, name):
        self.ids[self.insist(self.client.create_rest_api, name=name)["id"]] = name

    def check(self):
        pages = self.client.get_paginator("get_rest_apis").paginate()
        apis = {api["id"]: api["name"] for page in pages for api in page["items"]}
        assert self.ids.items() <= apis.items()
        for api in apis:
            assert [resource["path"] for resource in self.client.get_resources(restApiId=api)["items"]] == ["/"]


WRITERS = [
    Items, Transactions, Objects, Uploads, Photos, Messages, OrderedMessages, Tasks, News, Users, SignUps, Invocations,
    LogLines, Mails, Apis,
]
