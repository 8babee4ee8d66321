"""KMS and the objects it protects, as boto3 sees them."""

import json
import pathlib

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from stack import Stack, eventually

PART = 5 << 20


@pytest.fixture(scope="module")
def kms(stack):
    return stack.client("kms")


@pytest.fixture(scope="module")
def s3(stack):
    return stack.client("s3")


@pytest.fixture(scope="module")
def ann(stack):
    """A user who may do everything with S3, and clients of theirs."""
    iam = stack.client("iam")
    iam.create_user(UserName="ann-of-kms")
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    iam.put_user_policy(UserName="ann-of-kms", PolicyName="s3", PolicyDocument=json.dumps(document))
    keys = iam.create_access_key(UserName="ann-of-kms")["AccessKey"]
    return lambda service: stack.client(service, keys["AccessKeyId"], keys["SecretAccessKey"])


def code(call, **arguments):
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    return refusal.value.response["Error"]["Code"]


def new_key(kms, **arguments):
    return kms.create_key(**arguments)["KeyMetadata"]["Arn"]


def put_key_policy(kms, key, *statements):
    account = key.split(":")[4]
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [root, *statements]}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))


def test_messages_open_with_their_context_only(kms):
    key = new_key(kms, Description="messages")
    sealed = kms.encrypt(KeyId=key, Plaintext=b"hello", EncryptionContext={"app": "blue"})
    assert sealed["KeyId"] == key
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"app": "blue"})
    assert opened["Plaintext"] == b"hello" and opened["KeyId"] == key
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"app": "red"})
    with pytest.raises(kms.exceptions.IncorrectKeyException):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], KeyId=new_key(kms), EncryptionContext={"app": "blue"})


def test_what_was_enciphered_before_a_rotation_still_opens(kms):
    key = new_key(kms)
    before = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]
    kms.rotate_key_on_demand(KeyId=key)
    after = kms.encrypt(KeyId=key, Plaintext=b"after")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=before)["Plaintext"] == b"before"
    assert kms.decrypt(CiphertextBlob=after)["Plaintext"] == b"after"
    assert [turn["RotationType"] for turn in kms.list_key_rotations(KeyId=key)["Rotations"]] == ["ON_DEMAND"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180


def test_a_key_lives_through_its_states(kms):
    key = new_key(kms, Tags=[{"TagKey": "team", "TagValue": "blue"}])
    kms.create_alias(AliasName="alias/states", TargetKeyId=key)
    assert kms.describe_key(KeyId="alias/states")["KeyMetadata"]["Arn"] == key
    kms.disable_key(KeyId=key)
    with pytest.raises(kms.exceptions.DisabledException):
        kms.generate_data_key(KeyId="alias/states", KeySpec="AES_256")
    kms.enable_key(KeyId=key)
    assert len(kms.generate_data_key(KeyId="alias/states", KeySpec="AES_128")["Plaintext"]) == 16
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    with pytest.raises(kms.exceptions.KMSInvalidStateException):
        kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.cancel_key_deletion(KeyId=key)
    kms.delete_alias(AliasName="alias/states")
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId="alias/states")
    listed = [entry["KeyArn"] for page in kms.get_paginator("list_keys").paginate() for entry in page["Keys"]]
    assert key in listed


def test_codes_verify(kms):
    key = new_key(kms, KeySpec="HMAC_384", KeyUsage="GENERATE_VERIFY_MAC")
    code = kms.generate_mac(KeyId=key, Message=b"hello", MacAlgorithm="HMAC_SHA_384")["Mac"]
    assert kms.verify_mac(KeyId=key, Message=b"hello", MacAlgorithm="HMAC_SHA_384", Mac=code)["MacValid"]
    with pytest.raises(kms.exceptions.KMSInvalidMacException):
        kms.verify_mac(KeyId=key, Message=b"hullo", MacAlgorithm="HMAC_SHA_384", Mac=code)


def test_the_key_policy_decides(kms, ann):
    key = new_key(kms)
    mine = ann("kms")
    assert code(mine.encrypt, KeyId=key, Plaintext=b"x") == "AccessDeniedException"
    arn = ann("sts").get_caller_identity()["Arn"]
    put_key_policy(
        kms, key, {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": ["kms:Encrypt"], "Resource": "*"}
    )
    sealed = mine.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert code(mine.decrypt, CiphertextBlob=sealed) == "AccessDeniedException"
    grant = kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=["Decrypt"])
    assert mine.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
    assert code(mine.decrypt, CiphertextBlob=sealed) == "AccessDeniedException"


def test_an_object_under_a_key(stack, kms, s3, ann):
    key = new_key(kms)
    s3.create_bucket(Bucket="kms-objects")
    secret = b"the crown jewels are under the third stair " * 30_000
    put = s3.put_object(
        Bucket="kms-objects", Key="a", Body=secret, ServerSideEncryption="aws:kms", SSEKMSKeyId=key,
        BucketKeyEnabled=True,
    )
    assert put["SSEKMSKeyId"] == key and put["BucketKeyEnabled"]
    got = s3.get_object(Bucket="kms-objects", Key="a")
    assert got["Body"].read() == secret
    assert got["ServerSideEncryption"] == "aws:kms" and got["SSEKMSKeyId"] == key
    part = s3.get_object(Bucket="kms-objects", Key="a", Range="bytes=1000001-1000100")
    assert part["Body"].read() == secret[1000001:1000101]
    if not stack.external:
        files = [path for path in (pathlib.Path(stack.data) / "objects").rglob("*") if path.is_file()]
        assert files and not any(b"crown jewels" in path.read_bytes() for path in files)
    assert code(ann("s3").get_object, Bucket="kms-objects", Key="a") == "AccessDenied"
    assert code(
        s3.put_object, Bucket="kms-objects", Key="b", ServerSideEncryption="aws:kms",
        SSEKMSKeyId="11111111-2222-3333-4444-555555555555",
    ) == "KMS.NotFoundException"
    kms.disable_key(KeyId=key)
    assert code(s3.get_object, Bucket="kms-objects", Key="a") == "KMS.DisabledException"


def test_a_bucket_whose_objects_are_under_s3s_own_key(kms, s3, ann):
    s3.create_bucket(Bucket="kms-default")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="kms-default", ServerSideEncryptionConfiguration={"Rules": [rule]})
    theirs = ann("s3")
    theirs.put_object(Bucket="kms-default", Key="a", Body=b"x")
    got = theirs.get_object(Bucket="kms-default", Key="a")
    assert got["Body"].read() == b"x"
    assert got["SSEKMSKeyId"] == kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    assert code(ann("kms").encrypt, KeyId="alias/aws/s3", Plaintext=b"x") == "AccessDeniedException"


def test_parts_and_copies_under_a_key(kms, s3):
    key = new_key(kms)
    s3.create_bucket(Bucket="kms-parts")
    body = bytes(range(256)) * (PART // 256) + b"the end"
    upload = s3.create_multipart_upload(
        Bucket="kms-parts", Key="a", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )
    named = {"Bucket": "kms-parts", "Key": "a", "UploadId": upload["UploadId"]}
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(PartNumber=number, Body=piece, **named)["ETag"]}
        for number, piece in [(1, body[:PART]), (2, body[PART:])]
    ]
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **named)
    assert done["SSEKMSKeyId"] == key
    assert s3.get_object(Bucket="kms-parts", Key="a")["Body"].read() == body
    tail = s3.get_object(Bucket="kms-parts", Key="a", Range=f"bytes={PART - 5}-{PART + 2}")["Body"].read()
    assert tail == body[PART - 5 : PART + 3]
    source = {"Bucket": "kms-parts", "Key": "a"}
    other = new_key(kms)
    s3.copy_object(
        Bucket="kms-parts", Key="b", CopySource=source, ServerSideEncryption="aws:kms", SSEKMSKeyId=other
    )
    s3.copy_object(Bucket="kms-parts", Key="c", CopySource=source)
    kms.disable_key(KeyId=key)
    assert code(s3.get_object, Bucket="kms-parts", Key="a") == "KMS.DisabledException"
    for name, method in [("b", "aws:kms"), ("c", "AES256")]:
        copy = s3.get_object(Bucket="kms-parts", Key=name)
        assert copy["Body"].read() == body and copy["ServerSideEncryption"] == method


def test_keys_and_objects_survive_the_death_of_auth(sink):
    stack = Stack(APUS_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    if stack.external:
        pytest.skip("kills processes of a stack of its own")
    try:
        kms, s3 = stack.client("kms"), stack.client("s3")
        s3.create_bucket(Bucket="kms-kill")
        key = new_key(kms)
        kms.rotate_key_on_demand(KeyId=key)
        s3.put_object(Bucket="kms-kill", Key="a", Body=b"x" * 100_000, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
        before = set(stack.kill("apus-auth"))
        assert before
        eventually(lambda: set(stack.pids("apus-auth")) - before)
        assert s3.get_object(Bucket="kms-kill", Key="a")["Body"].read() == b"x" * 100_000
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    finally:
        stack.stop()


def test_signatures_verify_outside(kms):
    salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    for spec, algorithm, rules in [
        ("RSA_2048", "RSASSA_PSS_SHA_256", (salted, hashes.SHA256())),
        ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", (padding.PKCS1v15(), hashes.SHA512())),
        ("ECC_NIST_P384", "ECDSA_SHA_384", (ec.ECDSA(hashes.SHA384()),)),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256", (ec.ECDSA(hashes.SHA256()),)),
    ]:
        key = new_key(kms, KeySpec=spec, KeyUsage="SIGN_VERIFY")
        signature = kms.sign(KeyId=key, Message=b"hello", SigningAlgorithm=algorithm)["Signature"]
        public = serialization.load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
        public.verify(signature, b"hello", *rules)


def test_rsa_deciphers_what_was_enciphered_outside(kms):
    key = new_key(kms, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    public = serialization.load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    mask = padding.MGF1(hashes.SHA256())
    sealed = public.encrypt(b"hello", padding.OAEP(mgf=mask, algorithm=hashes.SHA256(), label=None))
    opened = kms.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    assert opened["Plaintext"] == b"hello"


def test_a_key_pair_of_ones_own(kms):
    pair = kms.generate_data_key_pair(KeyId=new_key(kms), KeyPairSpec="ECC_NIST_P256")
    private = serialization.load_der_private_key(pair["PrivateKeyPlaintext"], password=None)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert private.public_key().public_bytes(*form) == pair["PublicKey"]
    assert kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"] == pair["PrivateKeyPlaintext"]
