import ServiceKit

/// Answers an object's bytes, or a range of them.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
struct GetObject: AWSOperation {
    struct Output: StreamingOutput {
        let description: ObjectDescription
        let body: ByteStream?

        func write(to json: inout JSONWriter) { description.write(to: &json) }
    }

    let store: S3Store
    let images: ImageDeriver

    // A row is read here; files are opened and read by threads of their own.
    var isBrief: Bool { true }

    func permissions(for input: ObjectQuery, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:GetObject", on: input.object, in: call)]
    }

    func perform(_ input: ObjectQuery, in call: Call) async throws -> Output {
        if call.caller.kind == .anonymous, !input.overrides.isEmpty {
            throw ServiceError.invalidRequest(
                "Request specific response headers cannot be used for anonymous GET requests.")
        }
        if images.isAsked(by: call), let image = try await images.answer(to: input, in: call) {
            return Output(description: image.description, body: image.body)
        }
        let customerKey = try input.customerKey.customerKey()
        var selection = ObjectQuery.Selection.nothing
        let (object, body) = try await store.concealing(input.object, in: call) {
            try await store.open(input.object, with: customerKey, in: call) { object in
                selection = try input.select(object)
                return selection.range
            }
        }
        try await store.recheck("s3:GetObject", with: object, at: input.object, in: call)
        let description = try ObjectDescription(
            object: object, bucket: try await store.bucket(input.object.bucket), selection: selection, query: input,
            lock: try await store.visibleLock(of: object, input.object, in: call), caller: call.caller)
        return Output(description: description, body: body)
    }
}
