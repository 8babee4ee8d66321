"""Objects that other buckets are to have too, as boto3 sees them."""

import json
import uuid

import boto3
import botocore.config
import pytest
from botocore.exceptions import ClientError

from stack import eventually

TRUST = {"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}}
READING = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging",
           "s3:GetObjectRetention", "s3:GetObjectLegalHold"]
WRITING = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]


@pytest.fixture
def s3(stack):
    return stack.client("s3")


def in_region(stack, region):
    return boto3.client("s3", region_name=region, endpoint_url=stack.endpoint, aws_access_key_id=stack.key,
                        aws_secret_access_key=stack.secret, config=botocore.config.Config(
                            s3={"addressing_style": "path"}))


def make_bucket(stack, region=None, **settings):
    name = f"replicated-{uuid.uuid4().hex[:10]}"
    client = in_region(stack, region) if region else stack.client("s3")
    if region:
        settings["CreateBucketConfiguration"] = {"LocationConstraint": region}
    client.create_bucket(Bucket=name, **settings)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def make_role(stack, source, target, writing=WRITING, *more, trust=TRUST):
    iam, name = stack.client("iam"), f"replicator-{uuid.uuid4().hex[:10]}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="replicate", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
             "Resource": f"arn:aws:s3:::{source}"},
            {"Effect": "Allow", "Action": READING, "Resource": f"arn:aws:s3:::{source}/*"},
            {"Effect": "Allow", "Action": writing, "Resource": f"arn:aws:s3:::{target}/*"}, *more]}))
    return role


def rule(target, markers="Disabled", **more):
    made = {"ID": "one", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": markers}, "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}
    made["Destination"] |= more.pop("destination", {})
    return made | more


def replicate(s3, source, role, *rules):
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration={"Role": role, "Rules": list(rules)})


def status(s3, bucket, key, **version):
    return s3.head_object(Bucket=bucket, Key=key, **version).get("ReplicationStatus")


def until_settled(s3, bucket, key, **version):
    return eventually(lambda: (seen := status(s3, bucket, key, **version)) != "PENDING" and seen)


def versions(s3, bucket, key):
    """All versions and markers of a key, the newest first."""
    page = s3.list_object_versions(Bucket=bucket, Prefix=key)
    every = page.get("Versions", []) + page.get("DeleteMarkers", [])
    found = sorted(every, key=lambda item: (item["LastModified"], item["IsLatest"]), reverse=True)
    return [(item["VersionId"], "ETag" not in item) for item in found]


def code(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


@pytest.fixture
def pair(stack, s3):
    """Two buckets, the first of which is replicated to the second in another region."""
    source, target = make_bucket(stack), make_bucket(stack, "eu-west-1")
    replicate(s3, source, make_role(stack, source, target), rule(target, markers="Enabled"))
    return source, target


def test_a_version_arrives_as_it_is(stack, s3, pair):
    source, target = pair
    s3.put_object(Bucket=source, Key="small", Body=b"hello", ContentType="text/plain", Tagging="a=1&b=2",
                  Metadata={"who": "me"}, CacheControl="no-cache")
    assert until_settled(s3, source, "small") == "COMPLETED"
    here, there = s3.get_object(Bucket=source, Key="small"), s3.get_object(Bucket=target, Key="small")
    assert there["Body"].read() == b"hello" and there["ReplicationStatus"] == "REPLICA"
    for name in ("VersionId", "ETag", "LastModified", "ContentType", "Metadata", "CacheControl", "TagCount"):
        assert there[name] == here[name], name
    assert len(s3.get_object_tagging(Bucket=target, Key="small")["TagSet"]) == 2


def test_parts_stay_parts(stack, s3, pair):
    source, target = pair
    upload = s3.create_multipart_upload(Bucket=source, Key="large")["UploadId"]
    bodies = [b"a" * (5 << 20), b"b" * 1000]
    parts = [{"PartNumber": number, "ETag": s3.upload_part(
        Bucket=source, Key="large", UploadId=upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate(bodies, 1)]
    s3.complete_multipart_upload(Bucket=source, Key="large", UploadId=upload, MultipartUpload={"Parts": parts})
    assert until_settled(s3, source, "large") == "COMPLETED"
    there = s3.get_object(Bucket=target, Key="large")
    assert there["ETag"].endswith('-2"') and there["Body"].read() == b"".join(bodies)
    assert s3.head_object(Bucket=target, Key="large", PartNumber=2)["ContentLength"] == 1000
    # Either goes without the other.
    s3.delete_object(Bucket=source, Key="large", VersionId=there["VersionId"])
    assert s3.get_object(Bucket=target, Key="large")["Body"].read() == b"".join(bodies)


def test_markers_follow_and_deletions_do_not(stack, s3, pair):
    source, target = pair
    first = s3.put_object(Bucket=source, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=source, Key="k", Body=b"2")["VersionId"]
    marker = s3.delete_object(Bucket=source, Key="k")["VersionId"]
    expected = [(marker, True), (second, False), (first, False)]
    eventually(lambda: len(versions(s3, target, "k")) == 3)
    assert versions(s3, target, "k") == expected
    assert code(s3.get_object, Bucket=target, Key="k") == "NoSuchKey"
    s3.delete_object(Bucket=source, Key="k", VersionId=first)
    s3.delete_object(Bucket=source, Key="k", VersionId=marker)
    s3.put_object(Bucket=source, Key="after", Body=b"")
    assert until_settled(s3, source, "after") == "COMPLETED"
    assert versions(s3, target, "k") == expected


def test_later_changes_follow(stack, s3):
    source = make_bucket(stack, ObjectLockEnabledForBucket=True)
    target = make_bucket(stack, ObjectLockEnabledForBucket=True)
    replicate(s3, source, make_role(stack, source, target), rule(target))
    s3.put_object(Bucket=source, Key="k", Body=b"1", Tagging="a=1")
    assert until_settled(s3, source, "k") == "COMPLETED"
    s3.put_object_tagging(Bucket=source, Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "2"}]})
    s3.put_object_legal_hold(Bucket=source, Key="k", LegalHold={"Status": "ON"})
    assert until_settled(s3, source, "k") == "COMPLETED"
    assert s3.get_object_tagging(Bucket=target, Key="k")["TagSet"] == [{"Key": "a", "Value": "2"}]
    assert s3.get_object_legal_hold(Bucket=target, Key="k")["LegalHold"]["Status"] == "ON"
    # What is changed there stays there.
    s3.put_object_tagging(Bucket=target, Key="k", Tagging={"TagSet": []})
    s3.put_object_legal_hold(Bucket=source, Key="k", LegalHold={"Status": "OFF"})
    assert until_settled(s3, source, "k") == "COMPLETED"
    assert s3.get_object_legal_hold(Bucket=target, Key="k")["LegalHold"]["Status"] == "OFF"


def test_replicas_go_no_further_but_what_is_changed_of_them_may_come_back(stack, s3):
    one, two, three = (make_bucket(stack) for _ in range(3))
    both = {"SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}}}
    replicate(s3, one, make_role(stack, one, two), rule(two, **both))
    role = make_role(stack, two, "*")
    replicate(s3, two, role, rule(one, **both), rule(three, ID="two", Priority=2))
    s3.put_object(Bucket=one, Key="k", Body=b"1")
    assert until_settled(s3, one, "k") == "COMPLETED"
    s3.put_object(Bucket=two, Key="own", Body=b"2")
    assert until_settled(s3, two, "own") == "COMPLETED"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=three)["Contents"]] == ["own"]
    s3.put_object_tagging(Bucket=two, Key="k", Tagging={"TagSet": [{"Key": "from", "Value": "two"}]})
    assert until_settled(s3, two, "k") == "REPLICA"
    assert s3.get_object_tagging(Bucket=one, Key="k")["TagSet"] == [{"Key": "from", "Value": "two"}]
    assert status(s3, one, "k") == "COMPLETED"
    # Each has each version once.
    assert [len(versions(s3, bucket, "")) for bucket in (one, two, three)] == [2, 2, 1]


def test_filters_choose(stack, s3):
    source, logs, rest = (make_bucket(stack) for _ in range(3))
    both = {"And": {"Prefix": "logs/", "Tags": [{"Key": "keep", "Value": "yes"}]}}
    replicate(s3, source, make_role(stack, source, "*"), rule(logs, Filter=both),
              rule(rest, ID="two", Priority=2, Filter={"Prefix": "rest/"}))
    s3.put_object(Bucket=source, Key="logs/a", Body=b"", Tagging="keep=yes&x=y")
    s3.put_object(Bucket=source, Key="logs/b", Body=b"", Tagging="keep=no")
    s3.put_object(Bucket=source, Key="rest/c", Body=b"", Tagging="keep=yes")
    assert until_settled(s3, source, "logs/a") == until_settled(s3, source, "rest/c") == "COMPLETED"
    assert status(s3, source, "logs/b") is None
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=logs)["Contents"]] == ["logs/a"]
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=rest)["Contents"]] == ["rest/c"]


def test_the_role_and_the_other_bucket_decide(stack, s3):
    source, target = make_bucket(stack), make_bucket(stack)
    url, arn = stack.client("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex[:10]}")["QueueUrl"], None
    arn = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    stack.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                                                "Action": "sqs:SendMessage", "Resource": arn}]})})
    s3.put_bucket_notification_configuration(Bucket=source, NotificationConfiguration={"QueueConfigurations": [
        {"QueueArn": arn, "Events": ["s3:Replication:*"]}]})
    metrics = {"destination": {"Metrics": {"Status": "Enabled"}}}
    reader = make_role(stack, source, target, ["s3:ListBucket"])
    replicate(s3, source, reader, rule(target, **metrics))
    s3.put_object(Bucket=source, Key="refused", Body=b"1")
    assert until_settled(s3, source, "refused") == "FAILED"
    stranger = make_role(stack, source, target, trust={"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}})
    replicate(s3, source, stranger, rule(target, **metrics))
    s3.put_object(Bucket=source, Key="untrusted", Body=b"1")
    assert until_settled(s3, source, "untrusted") == "FAILED"
    assert "Contents" not in s3.list_objects_v2(Bucket=target)

    def failures():
        answer = stack.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            for record in json.loads(message["Body"]).get("Records", []):
                seen[record["s3"]["object"]["key"]] = record
        return len(seen) == 2

    seen = {}
    eventually(failures)
    assert seen["refused"]["eventName"] == "Replication:OperationFailedReplication"
    assert seen["refused"]["eventVersion"] == "2.2"
    data = seen["refused"]["replicationEventData"]
    assert data["failureReason"] == "DstPutObjectNotPermitted" and data["replicationRuleId"] == "one"
    assert data["destinationBucket"] == f"arn:aws:s3:::{target}" and data["s3Operation"] == "OBJECT_PUT"
    assert seen["untrusted"]["replicationEventData"]["failureReason"] == "AssumeRoleNotPermitted"

    # The bucket's own policy keeps tags out, or everything.
    replicate(s3, source, make_role(stack, source, target), rule(target))
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:ReplicateTags", "Resource": f"arn:aws:s3:::{target}/*"}
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    s3.put_object(Bucket=source, Key="untagged", Body=b"1", Tagging="a=1")
    assert until_settled(s3, source, "untagged") == "COMPLETED"
    assert s3.get_object_tagging(Bucket=target, Key="untagged")["TagSet"] == []


def test_objects_under_kms_go_where_a_rule_says_so(stack, s3):
    kms = stack.client("kms")
    here, there = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    source, target = make_bucket(stack), make_bucket(stack)
    role = make_role(stack, source, target, WRITING, {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": here},
                     {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": there})
    replicate(s3, source, role, rule(target))
    sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": here}
    s3.put_object(Bucket=source, Key="left", Body=b"1", **sealed)
    assert status(s3, source, "left") is None
    replicate(s3, source, role, rule(
        target, destination={"EncryptionConfiguration": {"ReplicaKmsKeyID": there}},
        SourceSelectionCriteria={"SseKmsEncryptedObjects": {"Status": "Enabled"}}))
    body = b"secret" * 20_000
    s3.put_object(Bucket=source, Key="taken", Body=body, **sealed)
    assert until_settled(s3, source, "taken") == "COMPLETED"
    replica = s3.get_object(Bucket=target, Key="taken")
    assert replica["Body"].read() == body and replica["SSEKMSKeyId"] == there
    s3.put_object(Bucket=source, Key="twice", Body=body, ServerSideEncryption="aws:kms:dsse", SSEKMSKeyId=here)
    assert until_settled(s3, source, "twice") == "COMPLETED"
    kms.disable_key(KeyId=here)
    replica = s3.get_object(Bucket=target, Key="twice")
    assert replica["Body"].read() == body and replica["ServerSideEncryption"] == "aws:kms:dsse"
    assert s3.get_object(Bucket=target, Key="taken")["Body"].read() == body
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=target)["Contents"]] == ["taken", "twice"]


def test_what_was_there_before_goes_too_if_a_rule_says_so(stack, s3):
    source, target = make_bucket(stack), make_bucket(stack)
    for number in range(20):
        s3.put_object(Bucket=source, Key=f"old-{number % 10}", Body=str(number).encode())
    role = make_role(stack, source, target)
    replicate(s3, source, role, rule(target, ExistingObjectReplication={"Status": "Enabled"}))
    eventually(lambda: len(versions(s3, target, "old-")) == 20)
    for number in range(10):
        assert versions(s3, target, f"old-{number}") == versions(s3, source, f"old-{number}")


def test_configurations_come_back_and_wrong_ones_are_refused(stack, s3):
    source, target = make_bucket(stack), make_bucket(stack)
    role = make_role(stack, source, target)
    assert code(s3.get_bucket_replication, Bucket=source) == "ReplicationConfigurationNotFoundError"

    def refused(*rules, role=role, bucket=source):
        with pytest.raises(ClientError) as error:
            s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": role, "Rules": list(rules)})
        return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]

    plain = f"plain-{uuid.uuid4().hex[:10]}"
    s3.create_bucket(Bucket=plain)
    assert refused(rule(target), bucket=plain) == (
        "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    assert refused(rule(plain)) == ("InvalidRequest", "Destination bucket must have versioning enabled.")
    assert refused(rule("nowhere-at-all")) == ("InvalidRequest", "Destination bucket must exist.")
    assert refused(rule(source))[0] == "InvalidRequest"
    assert refused(rule(target), role="arn:aws:iam::000000000000:user/ann")[0] == "InvalidArgument"
    assert refused(rule(target), rule(target, ID="two"))[1] == "Found duplicate priority 1."
    assert refused(rule(target), rule(target, Priority=2))[1] == "Rule Id must be unique"
    missing = rule(target)
    del missing["Priority"]
    assert refused(missing)[1].startswith("Priority must be specified for this version")
    assert refused(rule(target, markers="Enabled", Filter={"Tag": {"Key": "a", "Value": "b"}}))[0] == "InvalidRequest"
    assert refused(rule(target, destination={"AccessControlTranslation": {"Owner": "Destination"}}))[0] == "InvalidRequest"
    assert refused(rule(target, destination={"EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:us-east-1:0:key/k"}}))[
        1] == "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present."
    assert refused(rule(target, Status="enabled"))[0] == "MalformedXML"

    controlled = rule(target, destination={"Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
                                           "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}}})
    replicate(s3, source, role, controlled)
    assert s3.get_bucket_replication(Bucket=source)["ReplicationConfiguration"] == {"Role": role, "Rules": [controlled]}
    first = {"ID": "old", "Prefix": "a/", "Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}
    replicate(s3, source, role, first)
    assert s3.get_bucket_replication(Bucket=source)["ReplicationConfiguration"] == {"Role": role, "Rules": [first]}
    assert code(s3.put_bucket_versioning, Bucket=source,
                VersioningConfiguration={"Status": "Suspended"}) == "InvalidBucketState"
    s3.delete_bucket_replication(Bucket=source)
    assert code(s3.get_bucket_replication, Bucket=source) == "ReplicationConfigurationNotFoundError"


def test_nobody_passes_a_role_they_may_not_pass(stack, s3):
    source, target = make_bucket(stack), make_bucket(stack)
    role = make_role(stack, source, target)
    iam, name = stack.client("iam"), f"ann-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="s3", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    ann = stack.client("s3", key["AccessKeyId"], key["SecretAccessKey"])
    configuration = {"Role": role, "Rules": [rule(target)]}
    assert code(ann.put_bucket_replication, Bucket=source, ReplicationConfiguration=configuration) == "AccessDenied"


def test_nothing_is_lost_or_doubled_when_objects_is_killed(stack, s3, pair):
    source, target = pair
    if stack.external:
        pytest.skip("kills a local process")
    made = {}
    for number in range(60):
        body = (b"%d " % number) * (20_000 if number % 3 == 0 else 10)
        made[f"k{number % 20}", s3.put_object(Bucket=source, Key=f"k{number % 20}", Body=body)["VersionId"]] = body
        if number % 15 == 7:
            stack.kill("apus-objects")
    for key, version in made:
        assert until_settled(s3, source, key, VersionId=version) == "COMPLETED"
    seen = []
    for number in range(20):
        assert versions(s3, target, f"k{number}") == versions(s3, source, f"k{number}")
    for (key, version), body in made.items():
        assert s3.get_object(Bucket=target, Key=key, VersionId=version)["Body"].read() == body
        seen.append(version)
    total = s3.list_object_versions(Bucket=target)["Versions"]
    assert sorted(item["VersionId"] for item in total) == sorted(seen)
