"""Writes to queues and topics."""

from load import Drain, Writer
from stack import eventually

from .functions import Function
from .resources import make_queue


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
