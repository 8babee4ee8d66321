import ServiceKit

/// Refuses to describe an object for BitTorrent, as S3 does since 2022.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html)
struct GetObjectTorrent: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference

        init(_ member: Members) throws { object = try ObjectReference(member, versioned: false) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetObjectTorrent", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput { throw ServiceError.methodNotAllowed }
}
