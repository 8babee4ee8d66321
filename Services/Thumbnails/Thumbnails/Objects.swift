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

    /// Whose a bucket is, and what its tag asks for.
    func describe(_ bucket: String) async throws -> (account: String, region: String, target: String?) {
        var options = ServiceClient.Options()
        options.isIdempotent = true
        let reply = try await client.call("apus.objects", "DescribeThumbnails", options: options) {
            $0.member("Bucket", bucket)
        }
        let member = try Members(reply.output)
        return (try member("Account"), try member("Region"), try member("Target"))
    }

    /// The next keys of a bucket in their order, without those of derived images: none at its end.
    func keys(in bucket: Regeneration, after key: String, limit: Int) async throws -> [String] {
        var position = key
        while true {
            let page = try await allKeys(in: bucket, after: position, limit: limit)
            let keys = page.filter { !$0.hasPrefix(Thumbnails.prefix) }
            if page.isEmpty || !keys.isEmpty { return keys }
            position = Self.lastDerived
        }
    }

    /// No key of a derived image comes after it.
    private static let lastDerived = "\(Thumbnails.prefix)\u{10FFFF}"

    private func allKeys(in bucket: Regeneration, after key: String, limit: Int) async throws -> [String] {
        let reply = try await call("ListObjectsV2", in: bucket.bucket, of: bucket.account, bucket.region) { json in
            json.member("StartAfter", key.isEmpty ? nil : key)
            json.member("MaxKeys", limit)
        }
        return reply.output["Contents"]?.elements.compactMap { $0["Key"]?.string } ?? []
    }

    private func call(
        _ operation: String, stream: ByteStream? = nil, in change: ObjectChange, input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        try await call(
            operation, stream: stream, in: change.bucket, of: change.account, change.region, input: input)
    }

    private func call(
        _ operation: String, stream: ByteStream? = nil, in bucket: String, of account: String, _ region: String,
        input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = region
        options.stream = stream
        return try await client.call(
            "s3", operation, as: .service(Thumbnails.principal, account: account), options: options
        ) { json in
            json.member("Bucket", bucket)
            input(&json)
        }
    }
}
