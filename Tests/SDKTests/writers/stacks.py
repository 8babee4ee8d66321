"""Stacks of templates, which go on being made when the process that makes them is back."""

from load import Writer
from stack import eventually

TEMPLATE = """
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: p, AttributeType: S}]
      KeySchema: [{AttributeName: p, KeyType: HASH}]
"""


class Stacks(Writer):
    """Stacks of one table each: all are complete in the end, and none has made its table twice."""

    service = "cloudformation"
    pause = 0.5
    done_before = ("AlreadyExistsException",)

    def write(self, name):
        self.insist(self.client.create_stack, StackName=name, TemplateBody=TEMPLATE, ClientRequestToken=name)

    def check(self):
        eventually(self.is_settled, seconds=120)
        stacks = self.stacks()
        assert not self.missing(stacks) and set(stacks.values()) == {"CREATE_COMPLETE"}
        pages = self.make_client("dynamodb").get_paginator("list_tables").paginate()
        tables = [name.rsplit("-T-")[0] for page in pages for name in page["TableNames"] if name.startswith("stacks-")]
        assert sorted(tables) == sorted(stacks)

    def stacks(self):
        pages = self.client.get_paginator("describe_stacks").paginate()
        return {stack["StackName"]: stack["StackStatus"] for page in pages for stack in page["Stacks"]
                if stack["StackName"].startswith("stacks-")}

    def is_settled(self):
        return "CREATE_IN_PROGRESS" not in self.stacks().values()
