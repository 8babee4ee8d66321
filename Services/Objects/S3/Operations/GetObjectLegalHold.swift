import ServiceKit

/// Answers whether a version is held.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html)
struct GetObjectLegalHold: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        init(_ member: Members) throws { object = try ObjectReference(member) }
    }

    struct Output: OutputShape {
        let isHeld: Bool

        func write(to json: inout JSONWriter) {
            json.member("LegalHold") { $0.object { $0.member("Status", isHeld ? "ON" : "OFF") } }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetObjectLegalHold", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let isHeld = try await store.lockedObject(input.object).lock.isHeld else {
            throw ServiceError.noObjectLock
        }
        return Output(isHeld: isHeld)
    }
}
