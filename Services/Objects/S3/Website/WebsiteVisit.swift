import ServiceKit

/// One visitor's request to a bucket's website.
struct WebsiteVisit: Sendable {
    let store: S3Store
    let images: ImageDeriver
    let bucket: Bucket
    let request: PlaneRequest
    let call: Call
    private let website: WebsiteConfiguration
    /// Decoded, without the leading slash.
    private let path: String

    /// - Throws: `NoSuchWebsiteConfiguration`, `InvalidURI`
    init(store: S3Store, images: ImageDeriver, bucket: Bucket, request: PlaneRequest, call: Call) throws {
        guard let configuration = bucket.configurations[.website] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", bucket.name)
        }
        let encoded = request.path.hasPrefix("/") ? request.path.dropFirst() : request.path[...]
        guard let bytes = PercentEncoding.decode(encoded.utf8), let path = String(validating: bytes, as: UTF8.self)
        else { throw ServiceError("InvalidURI", "Couldn't parse the specified URI.") }
        website = try WebsiteConfiguration(configuration)
        (self.store, self.images, self.bucket) = (store, images, bucket)
        (self.request, self.call, self.path) = (request, call, path)
    }

    func answer() async throws -> PlaneResponse {
        if let redirect = website.redirect(of: path, status: nil) { return WebsitePage.redirect(redirect) }
        let isFolder = path.isEmpty || path.hasSuffix("/")
        do {
            return try await serve(isFolder ? path + website.indexSuffix : path, status: 200)
        } catch let error as ServiceError {
            return try await answer(to: error)
        }
    }

    /// A redirect by status, the folder behind a forgotten slash, the error document, or the page that names the error.
    private func answer(to error: ServiceError) async throws -> PlaneResponse {
        if error.status == 304 { return PlaneResponse(status: 304) }
        if let redirect = website.redirect(of: path, status: error.status) { return WebsitePage.redirect(redirect) }
        guard error.status == 404 || error.status == 403 else { return WebsitePage.failure(error, call) }
        if try await isFolder() {
            return WebsitePage.redirect((302, "/\(PercentEncoding.string(path, keepingSlash: true))/"))
        }
        guard let key = website.errorKey else { return WebsitePage.failure(error, call) }
        do {
            return try await serve(key, status: error.status)
        } catch is ServiceError {
            return WebsitePage.failure(error, call)
        }
    }

    /// - Throws: `AccessDenied`, `NoSuchKey`, `NotModified`, `InvalidRange`
    private func serve(_ key: String, status: Int) async throws -> PlaneResponse {
        try ObjectKey.check(key)
        guard try await allowsReading(key) else { throw ServiceError.accessDenied }
        if status == 200, let image = try await image(at: key) { return image }
        let query = try WebsitePage.query(for: key, in: bucket, request, conditional: status == 200)
        let object: StoredObject
        let body: ByteStream
        do {
            (object, body) = try await store.open(query.object, in: call, as: .anonymous) { try query.select($0).range }
        } catch let error as ServiceError where error.code == "NoSuchKey" {
            // Whether a key exists is for those to know who may list the bucket.
            throw allows("s3:ListBucket", on: bucket.arn, by: bucket.policy(for: .anonymous, doing: "s3:ListBucket"))
                ? error : ServiceError.accessDenied
        }
        try checkReading(object)
        let stored = try object.headers
        if let location = stored.websiteRedirectLocation { return WebsitePage.redirect((301, location)) }
        let selection = try query.select(object)
        return PlaneResponse(
            status: status == 200 && selection.isPartial ? 206 : status,
            headers: WebsitePage.headers(of: object, stored, selection), stream: request.method == "HEAD" ? nil : body)
    }

    /// A name without its slash that has an index document.
    private func isFolder() async throws -> Bool {
        guard !path.isEmpty, !path.hasSuffix("/") else { return false }
        let index = try await store.read { try $0.object("\(path)/\(website.indexSuffix)", in: bucket) }
        return index.map { !$0.isDeleteMarker } ?? false
    }

    private func allowsReading(_ key: String) async throws -> Bool {
        if bucket.hasLists, let object = try await store.read({ try $0.object(key, in: bucket) }) {
            return allowsReading(object)
        }
        return allows("s3:GetObject", on: bucket.arn(of: key), by: bucket.policy(for: .anonymous))
    }

    /// The object that was found may have another list than the one that was asked about.
    ///
    /// - Throws: `AccessDenied`
    func checkReading(_ object: StoredObject) throws {
        guard !bucket.hasLists || allowsReading(object) else { throw ServiceError.accessDenied }
    }

    private func allowsReading(_ object: StoredObject) -> Bool {
        let action = "s3:GetObject"
        return allows(
            action, on: bucket.arn(of: object.key), by: bucket.policy(for: .anonymous, doing: action, with: object))
    }

    private func allows(_ action: String, on resource: ARN, by policy: Policy?) -> Bool {
        let anybody = AccessPrincipal(.anonymous, arn: "*")
        var request = AccessRequest(
            anybody, action, on: resource.description, resourceAccount: bucket.account, at: call.now)
        request.came(by: call)
        request.region = bucket.region
        request.referer = self.request.header("Referer") ?? ""
        return ApplicablePolicies(resource: policy).decide(request).isAllowed
    }
}
