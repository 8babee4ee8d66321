"""Writes to tables."""

from load import Writer
from stack import eventually

from .functions import Function
from .resources import make_table, scan


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
