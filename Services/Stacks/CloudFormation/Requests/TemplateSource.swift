import ServiceKit
import TemplateLanguage

/// Where a request's template is: in the request, or an object of a bucket.
struct TemplateSource: Sendable {
    static let bodyLimit = 51_200
    static let objectLimit = 1_048_576

    let body: String?
    let url: String?

    init(_ member: Members) throws {
        body = try member("TemplateBody")
        url = try member("TemplateURL")
    }

    var isGiven: Bool { body != nil || url != nil }

    /// The template's text; an object is read as who asks.
    ///
    /// - Throws: `ValidationError`
    func text(in call: Call, _ client: ServiceClient) async throws -> String {
        switch (body, url) {
        case (.some, .some):
            throw ServiceError.validation("Either Template URL or Template Body must be specified, not both.")
        case (nil, nil): throw ServiceError.validation("Either Template URL or Template Body must be specified.")
        case (let body?, nil):
            guard body.utf8.count <= Self.bodyLimit else {
                throw ServiceError.validation(
                    """
                    1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have \
                    length less than or equal to \(Self.bodyLimit)
                    """)
            }
            return body
        case (nil, let url?): return try await object(at: url, call, client)
        }
    }

    private func object(at url: String, _ call: Call, _ client: ServiceClient) async throws -> String {
        guard let address = ObjectAddress(url) else {
            throw ServiceError.validation("TemplateURL must be a supported URL.")
        }
        var options = ServiceClient.Options()
        options.region = call.region
        options.isIdempotent = true
        var caller = call.caller
        caller.context["aws:CalledVia"] = [ServiceCalls.principal]
        do {
            let reply = try await client.call("s3", "GetObject", as: caller, options: options) { json in
                json.member("Bucket", address.bucket)
                json.member("Key", address.key)
                json.member("VersionId", address.version)
            }
            let bytes = try await reply.stream?.collect(upTo: Self.objectLimit) ?? []
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as ServiceError where error.status < 500 {
            throw ServiceError.validation("S3 error: \(error.message)")
        } catch ByteStreamError.tooLong {
            throw ServiceError.validation("Template may not exceed \(Self.objectLimit) bytes in size.")
        }
    }
}

/// An object as its URL names it: `https://bucket.s3.region.amazonaws.com/key`, `http://localhost:4566/bucket/key`.
struct ObjectAddress: Equatable {
    let bucket: String
    let key: String
    let version: String?

    init?(_ url: String) {
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let host = rest[..<slash].split(separator: ":").first.map { $0.lowercased() } ?? ""
        let target = rest[rest.index(after: slash)...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(target[0])
        version = target.count > 1 ? Self.version(in: target[1]) : nil
        // A bucket before the service: `bucket.s3.` or `bucket.s3-region.`.
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let service = labels.lastIndex { $0 == "s3" || $0.hasPrefix("s3-") } ?? 0
        guard let bytes = PercentEncoding.decode(path.utf8) else { return nil }
        let decoded = String(decoding: bytes, as: UTF8.self)
        if service > 0 {
            (bucket, key) = (labels[..<service].joined(separator: "."), decoded)
        } else {
            let parts = decoded.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            (bucket, key) = (String(parts[0]), String(parts[1]))
        }
        if bucket.isEmpty || key.isEmpty { return nil }
    }

    private static func version(in query: Substring) -> String? {
        for pair in query.split(separator: "&") where pair.hasPrefix("versionId=") {
            return PercentEncoding.decode(pair.dropFirst("versionId=".count).utf8)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        return nil
    }
}
