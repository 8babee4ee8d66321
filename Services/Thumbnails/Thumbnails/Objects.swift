import ServiceKit

/// S3 as this service uses it: as the service principal that tagged buckets let in.
struct Objects: Sendable {
    let client: ServiceClient

    private static let imageTypes = ["image/"]
    private static let imageSuffixes = [
        ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".tif", ".tiff",
    ]

    /// An object's bytes; `nil` where neither its type nor its name says that it is an image.
    ///
    /// - Throws: `Refusal.tooLarge`
    func image(at key: String, in change: ObjectChange) async throws -> [UInt8]? {
        let reply = try await call("GetObject", in: change) { $0.member("Key", key) }
        let type: String = try Members(reply.output)("ContentType") ?? ""
        let name = key.lowercased()
        let isImage =
            Objects.imageTypes.contains { type.hasPrefix($0) }
            || Objects.imageSuffixes.contains { name.hasSuffix($0) }
        guard isImage, let stream = reply.stream else { return nil }
        do {
            return try await stream.collect(upTo: ImageLimits.fileBytes)
        } catch ByteStreamError.tooLong {
            throw Refusal.tooLarge
        }
    }

    func put(_ bytes: [UInt8], type: String, at key: String, in change: ObjectChange) async throws {
        _ = try await call("PutObject", stream: ByteStream(bytes), in: change) { json in
            json.member("Key", key)
            json.member("ContentType", type)
            json.member("ContentLength", bytes.count)
        }
    }

    func delete(_ key: String, in change: ObjectChange) async throws {
        _ = try await call("DeleteObject", in: change) { $0.member("Key", key) }
    }

    private func call(
        _ operation: String, stream: ByteStream? = nil, in change: ObjectChange, input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = change.region
        options.stream = stream
        return try await client.call(
            "s3", operation, as: .service(Thumbnails.principal, account: change.account), options: options
        ) { json in
            json.member("Bucket", change.bucket)
            input(&json)
        }
    }
}
