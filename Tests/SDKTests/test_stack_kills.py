"""Stacks whose process is killed at a random moment of what is done to them: all ends where it should, and nothing is left.

`STACKS_KILLS=200` kills as often; three kills are a round on a stack of Apus of its own, as a supervisor that sees many deaths
waits longer and longer.
"""

import os
import random
import threading

import botocore.exceptions
import pytest

from stack import Stack, eventually
from test_dax_templates import EXAMPLE, outputs, settled

ROUNDS = max(int(os.environ.get("STACKS_KILLS", "12")) // 3, 1)
# What a client that asks again is told once its first request was done.
DONE = ("already exists", "No updates are to be performed", "state and can not be")
# Larger nodes come with more of them: an update to these fails behind what else it changes.
WRONG = EXAMPLE.read_text().replace("Where the cluster's nodes are", "elsewhere").replace("dax.r5.large", "dax.nothing")


@pytest.mark.skipif("APUS_TEST_ENDPOINT" in os.environ, reason="starts stacks of its own")
@pytest.mark.parametrize("round", range(ROUNDS))
def test_whatever_is_under_way_goes_on(round):
    chance = random.Random(round)
    apus = Stack().start()
    try:
        live(apus, chance, round)
    finally:
        apus.stop()


def live(apus, chance, round):
    cloudformation, dax = apus.client("cloudformation"), apus.client("dax")

    def under_fire(call, **arguments):
        killer = threading.Timer(chance.uniform(0, 0.08), lambda: apus.kill("apus-stacks"))
        killer.start()
        try:
            call(**arguments)
        except botocore.exceptions.ClientError as error:
            assert any(text in str(error) for text in DONE), error
        killer.join()

    def end(name):
        return eventually(lambda: answered(settled, cloudformation, name), seconds=60)

    def is_left():
        groups = [group["ParameterGroupName"] for group in dax.describe_parameter_groups()["ParameterGroups"]]
        return [*dax.describe_clusters()["Clusters"], *dax.describe_subnet_groups()["SubnetGroups"],
                *(name for name in groups if not name.startswith("default.")),
                *apus.client("dynamodb").list_tables()["TableNames"], *apus.client("iam").list_roles()["Roles"]]

    given = {"StackName": "shot", "Capabilities": ["CAPABILITY_IAM"]}
    fails = round % 3 == 2
    template = EXAMPLE.read_text()
    under_fire(cloudformation.create_stack, **given, ClientRequestToken="made",
               TemplateBody=template.replace("dax.t3.small", "dax.nothing") if fails else template)
    stack = end("shot")
    assert stack["StackStatus"] == ("ROLLBACK_COMPLETE" if fails else "CREATE_COMPLETE")
    if not fails:
        fails = round % 2 == 1
        under_fire(cloudformation.update_stack, **given, ClientRequestToken="changed",
                   TemplateBody=WRONG if fails else template,
                   Parameters=[{"ParameterKey": "KeepSeconds", "ParameterValue": "77"},
                               {"ParameterKey": "Nodes", "ParameterValue": "3"}])
        stack = end("shot")
        assert stack["StackStatus"] == ("UPDATE_ROLLBACK_COMPLETE" if fails else "UPDATE_COMPLETE")
        cluster, = dax.describe_clusters()["Clusters"]
        assert cluster["ClusterName"] == outputs(stack)["Cluster"]
        assert cluster["TotalNodes"] == (1 if fails else 3)
        assert apus.client("dynamodb").list_tables()["TableNames"] == [outputs(stack)["Table"]]
    under_fire(cloudformation.delete_stack, StackName="shot")
    assert end(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert is_left() == []


def answered(call, *arguments):
    """`None` while the service comes back."""
    try:
        return call(*arguments)
    except botocore.exceptions.ClientError as error:
        if "ServiceUnavailable" in str(error):
            return None
        raise
