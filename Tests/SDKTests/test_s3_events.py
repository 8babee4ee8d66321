"""S3 tells functions, queues and topics what happened, and each target's policy decides whether it may."""

import io
import json
import uuid
import zipfile

import pytest

from stack import eventually


@pytest.fixture
def bucket(stack):
    name = f"events-{uuid.uuid4().hex[:10]}"
    stack.client("s3").create_bucket(Bucket=name)
    return name


def queue(stack, bucket=None):
    """A queue, and its ARN; S3 may send to it for one bucket."""
    sqs = stack.client("sqs")
    url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:10]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if bucket:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage",
                "Resource": arn, "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}},
            }],
        })})
    return url, arn


def messages(stack, url, wait=20):
    answer = stack.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def records(stack, url):
    """What objects did; the message that a configuration begins is passed over."""
    return eventually(lambda: [body for body in messages(stack, url, wait=1) if "Records" in body])


def test_a_queue_hears_of_the_objects_its_filter_names(stack, bucket):
    s3 = stack.client("s3")
    url, arn = queue(stack, bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{
        "QueueArn": arn, "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".txt"}]}},
    }]})
    s3.put_object(Bucket=bucket, Key="ignored.jpg", Body=b"x")
    s3.put_object(Bucket=bucket, Key="a b.txt", Body=b"hello")
    record = records(stack, url)[0]["Records"][0]
    assert record["eventName"] == "ObjectCreated:Put" and record["eventSource"] == "aws:s3"
    assert record["s3"]["bucket"]["name"] == bucket
    assert record["s3"]["object"]["key"] == "a+b.txt" and record["s3"]["object"]["size"] == 5


def test_a_queue_is_told_that_it_will_be_told(stack, bucket):
    url, arn = queue(stack, bucket)
    stack.client("s3").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )
    body = messages(stack, url)[0]
    assert body["Event"] == "s3:TestEvent" and body["Bucket"] == bucket and body["Service"] == "Amazon S3"


def test_a_queue_whose_policy_does_not_name_the_bucket_hears_nothing(stack, bucket):
    s3 = stack.client("s3")
    url, arn = queue(stack, "another-bucket")
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"hello")
    assert messages(stack, url, wait=3) == []


def test_a_function_is_invoked_for_an_object(stack, bucket):
    role = stack.client("iam").create_role(
        RoleName=f"r-{bucket}", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}),
    )["Role"]["Arn"]
    stack.client("iam").attach_role_policy(
        RoleName=f"r-{bucket}", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    )
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    print('SAW', event['Records'][0]['s3']['object']['key'])\n")
    functions = stack.client("lambda")
    name = f"f-{bucket}"
    arn = functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="handler.handle", Role=role, Code={"ZipFile": package.getvalue()},
    )["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    functions.add_permission(
        FunctionName=name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
    )
    s3 = stack.client("s3")
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )
    s3.put_object(Bucket=bucket, Key="photo.jpg", Body=b"x")

    def seen():
        logs = stack.client("logs")
        try:
            return logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern="SAW")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []

    assert "photo.jpg" in eventually(seen)[0]["message"]
