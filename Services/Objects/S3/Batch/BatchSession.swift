import ServiceKit

/// What a job does with others, in its role.
struct BatchSession: Sendable {
    /// A copy of 5 GiB that has to be read through takes its time.
    private static let timeout = Duration.seconds(3600)
    /// And so does an object of 5 TiB.
    private static let ownTimeout = Duration.seconds(24 * 3600)

    let job: BatchJob
    let role: Caller
    let client: ServiceClient

    @discardableResult
    func s3(
        _ operation: String, stream: ByteStream? = nil, _ input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var json = JSONWriter()
        json.object(input)
        return try await call("s3", operation, json.bytes, stream: stream)
    }

    @discardableResult
    func call(
        _ service: String, _ operation: String, _ input: [UInt8], stream: ByteStream? = nil
    ) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.region = job.region
        options.timeout = Self.timeout
        options.stream = stream
        return try await client.call(service, operation, input, as: role, options: options)
    }

    /// Asks `objects` itself to do something on behalf of the role.
    func own(_ operation: String, _ input: (inout JSONWriter) -> Void) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.timeout = Self.ownTimeout
        return try await client.call("apus.objects", operation, options: options, input: input)
    }

    /// Stores an object; returns its entity tag without quotes.
    func put(_ stream: ByteStream, length: Int64? = nil, as key: String, in bucket: String) async throws -> String {
        let reply = try await s3("PutObject", stream: stream) { json in
            json.member("Bucket", bucket)
            json.member("Key", key)
            json.member("ContentLength", length)
            // Whatever the bucket's own encryption is: what jobs write is always under S3's keys.
            json.member("ServerSideEncryption", "AES256")
        }
        return EntityTag.unquoted(reply.output["ETag"]?.string ?? "")
    }

    func put(_ bytes: [UInt8], as key: String, in bucket: String) async throws -> String {
        try await put(ByteStream(bytes), length: Int64(bytes.count), as: key, in: bucket)
    }
}

/// A bucket as jobs name it: `arn:aws:s3:::bucket`.
extension JSONValue {
    var bucketName: String? { string.flatMap(ARN.init)?.resource }
}
