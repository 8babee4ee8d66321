// What a request costs before it is performed: verifying its signature, and asking the policies.
//
//     swift run -c release authorization-bench

import AWSSignature
import AccessPolicy
import Glibc
import HTTPTypes
import Time

/// Calls a round; a profiler that counts instructions wants fewer.
let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000

/// Prints the CPU time of one call in microseconds: the best of ten rounds, so that other work on the machine counts
/// little.
func measure(_ name: String, _ body: () throws -> Void) rethrows {
    var best = Duration.seconds(1000)
    for _ in 0..<10 {
        let start = processorTime()
        for _ in 0..<count { try body() }
        best = min(best, processorTime() - start)
    }
    let microseconds = (best / count) / .microseconds(1)
    print("\(name): \((microseconds * 100).rounded() / 100) µs")
}

func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

let now = Timestamp.now()
let credentials = Signer.Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secret: "secret")
let body = [UInt8](repeating: 0x61, count: 200)

/// A request as boto3 sends it.
func request(_ service: String, _ method: String, _ target: String) -> (RequestHead, SigningKey) {
    let head = RequestHead(
        method: method, target: target,
        fields: [
            "Host": "127.0.0.1:4566", "X-Amz-Target": "DynamoDB_20120810.GetItem",
            "Content-Type": "application/x-amz-json-1.0", "User-Agent": "Boto3/1.43 md/Botocore#1.43 ua/2.1",
            "amz-sdk-invocation-id": "3f1f2b3c-8a55-4f1c-9d0f-0a1b2c3d4e5f", "amz-sdk-request": "attempt=1",
            "Content-Length": "200", "Accept-Encoding": "identity",
        ])
    let signer = Signer(credentials, region: "us-east-1", service: service)
    let key = SigningKey.derive(
        secret: credentials.secret, date: now.basicDate, region: "us-east-1", service: service)
    return (signer.sign(head, body: body, at: now), key)
}

func verify(_ head: RequestHead, _ key: SigningKey) throws {
    guard case .signed(let signed) = try RequestAuthentication.parse(head) else { return }
    try signed.verify(head, body: body, key: key, now: now)
}

let (getItem, tablesKey) = request("dynamodb", "POST", "/")
try measure("verify DynamoDB GetItem, 200 bytes, key cached") { try verify(getItem, tablesKey) }
let (getObject, objectsKey) = request("s3", "GET", "/bucket/some/folder/photo%20one.jpg?versionId=abc&partNumber=1")
try measure("verify S3 GET with a query, key cached") { try verify(getObject, objectsKey) }
measure("derive a signing key") {
    _ = SigningKey.derive(secret: "secret", date: "20261121", region: "us-east-1", service: "dynamodb")
}

let statements = (0..<10).map { index in
    """
    {"Sid":"s\(index)","Effect":"\(index == 3 ? "Deny" : "Allow")","Action":["dynamodb:Get*","dynamodb:Query"],
    "Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/\(index == 9 ? "Music" : "Other\(index)")*",
    "Condition":{"Bool":{"aws:SecureTransport":"false"}}}
    """
}
let policy = try Policy.parse(
    #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#, as: .identity)
let policies = ApplicablePolicies(identity: [policy])
let principal = AccessPrincipal(
    .user, account: "000000000000", arn: "arn:aws:iam::000000000000:user/ann", userID: "AIDAANN")
let table = "arn:aws:dynamodb:us-east-1:000000000000:table/Music"
let probe = AccessRequest(principal, "dynamodb:GetItem", on: table, resourceAccount: "000000000000", at: now)
precondition(policies.decide(probe).isAllowed)
measure("evaluate 10 statements, request included") {
    _ = policies.decide(
        AccessRequest(principal, "dynamodb:GetItem", on: table, resourceAccount: "000000000000", at: now))
}
