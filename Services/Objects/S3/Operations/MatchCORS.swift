import ServiceKit

/// Tells the gateway which CORS headers to answer a browser with.
///
/// Input: `Bucket`, `Origin`, `Method`, `Headers` (those a preflight asks for).
/// Output: `AllowOrigin`, `AllowMethods`, `AllowHeaders`, `ExposeHeaders`, `MaxAgeSeconds`; nothing where no rule fits.
struct MatchCORS: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let request: CORSRequest

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            request = CORSRequest(
                origin: try member("Origin"), method: try member("Method"), headers: try member("Headers") ?? [])
        }
    }

    struct Output: OutputShape {
        let rule: CORSConfiguration.Rule?
        let request: CORSRequest

        func write(to json: inout JSONWriter) {
            guard let rule else { return }
            json.member("AllowOrigin", rule.origins.contains("*") ? "*" : request.origin)
            json.member("AllowMethods", rule.methods)
            json.member("AllowHeaders", request.headers)
            json.member("ExposeHeaders", rule.exposedHeaders)
            json.member("MaxAgeSeconds", rule.maxAge)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        let configuration = try bucket.configurations[.cors].map { try CORSConfiguration($0) }
        return Output(rule: configuration?.rules.first { $0.allows(input.request) }, request: input.request)
    }
}
