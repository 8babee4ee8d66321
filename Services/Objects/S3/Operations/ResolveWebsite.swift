import ServiceKit

/// Tells the gateway's website plane what a path of a bucket's website is.
///
/// The plane calls it first without `Status`. For a `Key` it calls `s3:GetObject` as the visitor, so that the bucket's
/// policy decides. If that fails, it calls again with the failure's `Status`, and serves the error document or redirect.
///
/// Input: `Bucket`, `Path` (decoded, without the leading slash), `Status` (optional).
/// Output: `Key` of the object to serve, or `RedirectStatus` and `Location`; nothing for the default error page.
struct ResolveWebsite: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let path: String
        let status: Int?

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            path = try member("Path")
            status = try member("Status")
        }
    }

    struct Output: OutputShape {
        var key: String?
        var redirect: (status: Int, location: String)?

        func write(to json: inout JSONWriter) {
            json.member("Key", key)
            json.member("RedirectStatus", redirect?.status)
            json.member("Location", redirect?.location)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.website] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration",
                bucket.name)
        }
        let website = try WebsiteConfiguration(configuration)
        if let redirect = website.redirect(of: input.path, status: input.status) {
            return Output(redirect: redirect)
        }
        guard let status = input.status else {
            let isFolder = input.path.isEmpty || input.path.hasSuffix("/")
            return Output(key: isFolder ? input.path + website.indexSuffix : input.path)
        }
        if status == 404 || status == 403, try await isFolder(input.path, of: bucket, website) {
            return Output(redirect: (302, "/\(PercentEncoding.string(input.path, keepingSlash: true))/"))
        }
        return Output(key: website.errorKey)
    }

    /// A name without its slash that has an index document.
    private func isFolder(_ path: String, of bucket: Bucket, _ website: WebsiteConfiguration) async throws -> Bool {
        guard !path.isEmpty, !path.hasSuffix("/") else { return false }
        let index = try await store.read { try $0.object("\(path)/\(website.indexSuffix)", in: bucket) }
        return index.map { !$0.isDeleteMarker } ?? false
    }
}
