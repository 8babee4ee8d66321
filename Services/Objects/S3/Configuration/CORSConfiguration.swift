import ServiceKit

/// Which pages' scripts may use a bucket, and how a browser is told.
struct CORSConfiguration: Sendable {
    struct Rule: InputShape {
        let origins: [String]
        let methods: [String]
        let headers: [String]
        let exposedHeaders: [String]
        let maxAge: Int?

        init(_ member: Members) throws {
            origins = try member("AllowedOrigins")
            methods = try member("AllowedMethods")
            headers = try member("AllowedHeaders") ?? []
            exposedHeaders = try member("ExposeHeaders") ?? []
            maxAge = try member("MaxAgeSeconds")
        }

        func allows(_ request: CORSRequest) -> Bool {
            origins.contains { Self.matches($0, request.origin) } && methods.contains(request.method)
                && request.headers.allSatisfy { header in
                    headers.contains { Self.matches($0.lowercased(), header.lowercased()) }
                }
        }

        /// At most one `*` stands for any text.
        static func matches(_ pattern: String, _ text: String) -> Bool {
            let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return pattern == text }
            return text.utf8.count >= pattern.utf8.count - 1 && text.hasPrefix(parts[0]) && text.hasSuffix(parts[1])
        }
    }

    let rules: [Rule]

    /// - Throws: `InvalidRequest`, `MalformedXML`
    init(_ configuration: JSONValue) throws {
        rules = try Members(configuration)("CORSRules")
        if rules.isEmpty || rules.count > 100 { throw ServiceError.malformedXML }
        for rule in rules {
            for method in rule.methods where !["GET", "PUT", "POST", "DELETE", "HEAD"].contains(method) {
                throw ServiceError.invalidRequest(
                    "Found unsupported HTTP method in CORS config. Unsupported method is \(method)")
            }
            for origin in rule.origins where origin.filter({ $0 == "*" }).count > 1 {
                throw ServiceError.invalidRequest(
                    "AllowedOrigin \"\(origin)\" can not have more than one wildcard.")
            }
        }
    }
}

/// What a browser asks for: a preflight, or a request with an `Origin`.
struct CORSRequest: Sendable {
    let origin: String
    let method: String
    let headers: [String]
}
