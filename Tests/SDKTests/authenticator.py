"""What an authenticator shows: one-time codes by RFC 6238."""

import base64
import contextlib
import hashlib
import hmac
import struct
import time
import uuid


def one_time_code(seed, ahead=0):
    """What a device of this seed shows, so many half minutes from now."""
    key = base64.b32decode(seed + b"=" * (-len(seed) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@contextlib.contextmanager
def root_device(iam, name=None):
    """A device of root's, by its serial number and its seed."""
    name = name or f"phone-{uuid.uuid4().hex[:8]}"
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"]
    try:
        iam.enable_mfa_device(
            UserName="root", SerialNumber=serial, AuthenticationCode1=one_time_code(seed, -1),
            AuthenticationCode2=one_time_code(seed))
        try:
            yield serial, seed
        finally:
            iam.deactivate_mfa_device(SerialNumber=serial)
    finally:
        iam.delete_virtual_mfa_device(SerialNumber=serial)


@contextlib.contextmanager
def root_claim(iam):
    """What `x-amz-mfa` says once: of a device of its own, for each shows one new code in half a minute."""
    with root_device(iam) as (serial, seed):
        yield f"{serial} {one_time_code(seed, 1)}"
