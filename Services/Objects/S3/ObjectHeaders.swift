import ServiceKit

/// What an object is answered with besides its bytes: the headers it was stored with and the user's metadata.
struct ObjectHeaders: Sendable {
    var cacheControl: String?
    var contentDisposition: String?
    var contentEncoding: String?
    var contentLanguage: String?
    var contentType: String?
    var expires: JSONValue?
    var websiteRedirectLocation: String?
    let metadata: [String: String]

    /// - Throws: `MetadataTooLarge`, `InvalidRedirectLocation`.
    init(_ member: Members) throws {
        cacheControl = try member("CacheControl")
        contentDisposition = try member("ContentDisposition")
        contentEncoding = try (member("ContentEncoding") as String?).flatMap(Self.withoutFraming)
        contentLanguage = try member("ContentLanguage")
        contentType = try member("ContentType") ?? "binary/octet-stream"
        expires = try member("Expires")
        websiteRedirectLocation = try member("WebsiteRedirectLocation")
        let given: [String: String] = try member("Metadata") ?? [:]
        metadata = Dictionary(given.map { ($0.key.lowercased(), $0.value) }) { first, second in "\(first),\(second)" }
        try check()
    }

    init(encoded: [UInt8]) throws { try self.init(Members(JSONDocument(encoded).root)) }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { write(to: &$0) }
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        json.member("CacheControl", cacheControl)
        json.member("ContentDisposition", contentDisposition)
        json.member("ContentEncoding", contentEncoding)
        json.member("ContentLanguage", contentLanguage)
        json.member("ContentType", contentType)
        json.member("Expires", expires)
        json.member("WebsiteRedirectLocation", websiteRedirectLocation)
        if !metadata.isEmpty { json.member("Metadata", metadata) }
    }

    private func check() throws {
        let size = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Limits.metadataSize { throw ServiceError.metadataTooLarge }
        if let location = websiteRedirectLocation {
            guard ["/", "http://", "https://"].contains(where: location.hasPrefix) else {
                throw ServiceError(
                    "InvalidRedirectLocation",
                    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
            }
        }
    }

    /// `aws-chunked` frames the request only and is not kept.
    private static func withoutFraming(_ encoding: String) -> String? {
        let kept = encoding.split(separator: ",").filter { $0.drop { $0 == " " } != "aws-chunked" }
        return kept.isEmpty ? nil : String(kept.joined(separator: ",").drop { $0 == " " })
    }
}
