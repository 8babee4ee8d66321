"""What is measured: each scenario in turn on every server it concerns."""

import io
import os
import time
import zipfile

import load

HANDLER = "def handler(event, context):\n    return {'number': event['number']}\n"
ROLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)
CUSTOMERS = 400
CONNECTIONS = 64
# What a single small client opens: reads once more with as few.
FEW_CONNECTIONS = 16
LOG_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}'


def small_requests(apus, ministack, nginx, seaweed, seconds):
    """Items and objects of 1 KB. Writes come first: what they wrote is then read."""
    for server in (apus, ministack):
        server.client("dynamodb").create_table(
            TableName="bench", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        server.client("s3").create_bucket(Bucket="bench")
        # One keyed round over all 2000, so that every read finds something.
        for workload in ("put-item", "put-object"):
            load.run(server, workload, name="bench", once=1, connections=16)
    load.run(seaweed, "put-object", name="bench", once=1, connections=16)
    results = {}
    for workload in ("get-item", "put-item", "get-object", "put-object"):
        servers = [apus, ministack]
        # The very requests of get-item, through one proxy hop to a static answer of 1 KB.
        if workload == "get-item":
            servers.append(nginx)
        elif workload.endswith("object"):
            servers.append(seaweed)
        results[workload] = in_turns(
            servers, lambda server: load.run(server, workload, name="bench", connections=CONNECTIONS, seconds=seconds),
            rounds=5, by="rate")
    ours = results["get-item"]["apus"]
    ours["p99_of_p50"] = ours["p99_us"] / ours["p50_us"]
    for workload in ("get-item", "get-object"):
        results[f"{workload}-few"] = in_turns(
            [apus, ministack],
            lambda server: load.run(server, workload, name="bench", connections=FEW_CONNECTIONS, seconds=seconds),
            rounds=3, by="rate")
    return results


def requests_of_many(apus, ministack, seconds):
    """Pages, batches, transactions: what one request moves more than one thing with. Batches write what queries read."""
    servers = [apus, ministack]
    for server in servers:
        server.client("dynamodb").create_table(
            TableName="orders", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "number", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}],
        )
        load.run(server, "batch-write", name="orders", count=CUSTOMERS, once=1, connections=16)
    return {
        workload: in_turns(
            servers, lambda server: load.run(
                server, workload, name=name, count=CUSTOMERS, connections=CONNECTIONS, seconds=seconds),
            rounds=3, by="rate")
        for workload, name in [
            ("query", "orders"), ("batch-write", "orders"), ("transact-write", "orders"), ("list-objects", "bench")]
    }


def bodies_of_ten_megabytes(apus, nginx):
    """Ten million bytes again and again over one connection, each of them on the disk before it counts as stored."""
    return {
        "put-10mb": in_turns(
            [apus, nginx], lambda server: load.run(
                server, "put-large", name=server.many_target, count=8, seconds=4, connections=1,
                unsynced=server.many_files),
            rounds=3, by="rate"),
        "get-10mb": in_turns(
            [apus, nginx], lambda server: load.run(
                server, "get-large", name=server.many_target, count=8, seconds=2, connections=1),
            rounds=3, by="rate"),
    }


def small_beside_large(apus, size):
    """Small PUTs while one large upload runs all the time."""
    uploading = load.start(apus, "upload", target="/bench/huge", bytes=size, connections=1)
    result = load.run(apus, "put-object", name="bench", connections=4, seconds=8)
    if uploading.poll() is not None:
        raise RuntimeError("the upload ended before the measurement did")
    large = load.finish(uploading)
    apus.client("s3").delete_object(Bucket="bench", Key="huge")
    return {"put-object-beside": {"apus": result | {"failures": result["failures"] + large["failures"]}}}


def in_turns(servers, measure, rounds, by):
    """Each server's median round: a machine that is slower for a while is so for all of them."""
    measured = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            measured[server.name].append(measure(server))
    return {name: median(results, by) for name, results in measured.items()}


def median(results, by):
    middle = sorted(results, key=lambda each: each[by])[len(results) // 2]
    return middle | {"failures": sum(each["failures"] for each in results)}


def large_bodies(apus, nginx, size):
    """One gibibyte; each writer starts with nothing dirty left in the page cache, and ends with it on the disk."""
    return {
        "upload": in_turns([apus, nginx], lambda server: upload(server, size), rounds=3, by="seconds"),
        "download": in_turns([apus, nginx], lambda server: download(server, size), rounds=3, by="seconds"),
    }


def upload(server, size):
    os.sync()
    result = load.run(server, "upload", target=server.large_target, bytes=size, connections=1)
    if server.large_file:
        result["seconds"] += seconds_to_sync(server.large_file)
    return result


def download(server, size):
    return load.run(server, "download", target=server.large_target, bytes=size, connections=1)


def seconds_to_sync(path):
    start = time.monotonic()
    descriptor = os.open(path, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)
    return time.monotonic() - start


def first_answers(apus):
    """Of five starts on the same data, the middle one."""
    os.sync()
    return {"first-answer": {"apus": median([load.first_answer(apus) for _ in range(5)], by="p50_us")}}


def functions(apus, warm_seconds, cold, at_once):
    iam, client = apus.client("iam"), apus.client("lambda")
    role = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=ROLE_POLICY)["Role"]["Arn"]
    iam.put_role_policy(RoleName="bench", PolicyName="logs", PolicyDocument=LOG_POLICY)
    names = ["warm", *(f"cold-{n}" for n in range(cold)), *(f"together-{n}" for n in range(at_once))]
    for name in names:
        create(client, name, role)
    for name in (names[0], names[-1]):
        client.get_waiter("function_active_v2").wait(FunctionName=name)
    return {
        "invoke-warm": {"apus": load.run(apus, "invoke", name="warm", connections=1, seconds=warm_seconds)},
        "invoke-cold": {"apus": load.run(apus, "invoke-each", name="cold", count=cold, connections=1, once=1)},
        "invoke-cold-together": {
            "apus": load.run(apus, "invoke-each", name="together", count=at_once, connections=at_once, once=1)
        },
    }


def create(client, name, role):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", f"# {name}\n{HANDLER}")
    client.create_function(
        FunctionName=name, Runtime="python3.11", Handler="app.handler", Role=role, MemorySize=128, Timeout=30,
        Code={"ZipFile": archive.getvalue()},
    )
