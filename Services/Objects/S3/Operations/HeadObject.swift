import ServiceKit

/// Answers an object's headers.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)
struct HeadObject: AWSOperation {
    let store: S3Store
    let images: ImageDeriver

    var isBrief: Bool { true }

    func permissions(for input: ObjectQuery, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:GetObject", on: input.object, in: call)]
    }

    func perform(_ input: ObjectQuery, in call: Call) async throws -> ObjectDescription {
        if images.isAsked(by: call), let image = try await images.answer(to: input, in: call) {
            return image.description
        }
        let bucket = try await store.bucket(input.object.bucket)
        let object = try await store.concealing(input.object, in: call) {
            try await store.read { try $0.existingObject(input.object, in: bucket) }
        }
        try await store.recheck("s3:GetObject", with: object, at: input.object, in: call)
        try store.keys.check(object.encryption, with: try input.customerKey.customerKey())
        // Checksums tell of the bytes, which only those may read who may use the key.
        if input.wantsChecksum, case .managed = object.encryption?.method {
            _ = try await store.keys.open(
                object.encryption, with: nil, KeyRequest(for: object.key, in: bucket, call))
        }
        return try ObjectDescription(
            object: object, bucket: bucket, selection: try input.select(object), query: input,
            lock: try await store.visibleLock(of: object, input.object, in: call), caller: call.caller)
    }
}
