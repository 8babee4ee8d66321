import ServiceKit

/// Holds a version, without end, or lets it go.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html)
struct PutObjectLegalHold: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let isHeld: Bool

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            let hold: JSONValue? = try member("LegalHold")
            guard let status = hold?["Status"]?.string, ["ON", "OFF"].contains(status) else {
                throw ServiceError.malformedXML
            }
            isHeld = status == "ON"
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let context = ["s3:object-lock-legal-hold": [input.isHeld ? "ON" : "OFF"]]
        return [try await store.permission("s3:PutObjectLegalHold", on: input.object, in: call, context: context)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<NoOutput> {
        try await store.changeLock(of: input.object, at: call.now) { $0.isHeld = input.isHeld }
        return try await store.charged(NoOutput(), for: input.object.bucket, in: call)
    }
}
