import ServiceKit

/// An object as a listing tells of it.
struct ImportObject: Sendable {
    let key: String
    let size: Int64
    let etag: String
}

/// Where the objects of an import lie.
protocol ImportBucket: Sendable {
    /// A page of the objects behind a key, in the order of their keys; empty behind the last.
    func objects(after key: String?) async throws -> [ImportObject]

    /// - Throws: `PreconditionFailed` if the object is no longer the one that was listed or begun.
    func open(_ key: String, etag: String) async throws -> ByteStream
}

/// The bucket of an import in S3, read in the name of who asked for it.
struct ImportSource: ImportBucket {
    let client: ServiceClient
    let job: TableImport
    private let caller: Caller

    init(client: ServiceClient, job: TableImport) throws {
        self.client = client
        self.job = job
        caller = try Caller(json: JSONDocument(job.caller).root)
    }

    func objects(after key: String?) async throws -> [ImportObject] {
        let reply = try await call("ListObjectsV2") { json in
            json.member("Prefix", job.request.prefix)
            json.member("StartAfter", key)
        }
        return try (reply.output["Contents"]?.elements ?? .none).map { element in
            let member = try Members(element)
            return ImportObject(
                key: try member("Key"), size: try member("Size") ?? 0, etag: try member("ETag") ?? "")
        }
    }

    func open(_ key: String, etag: String) async throws -> ByteStream {
        let reply = try await call("GetObject") { json in
            json.member("Key", key)
            json.member("IfMatch", etag)
        }
        return reply.stream ?? ByteStream([])
    }

    private func call(_ operation: String, input: (inout JSONWriter) -> Void) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = job.region
        options.isIdempotent = true
        return try await client.call("s3", operation, as: caller, options: options) { json in
            json.member("Bucket", job.request.bucket)
            json.member("ExpectedBucketOwner", job.request.bucketOwner)
            input(&json)
        }
    }
}
