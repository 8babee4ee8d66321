import ServiceKit

/// Answers until when a version is kept.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html)
struct GetObjectRetention: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        init(_ member: Members) throws { object = try ObjectReference(member) }
    }

    struct Output: OutputShape {
        let retention: ObjectLock.Retention

        func write(to json: inout JSONWriter) { json.member("Retention") { $0.object(retention.write) } }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetObjectRetention", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let retention = try await store.lockedObject(input.object).lock.retention else {
            throw ServiceError.noObjectLock
        }
        return Output(retention: retention)
    }
}
