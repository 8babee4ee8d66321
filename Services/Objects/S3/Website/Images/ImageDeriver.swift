import ServiceKit

/// Gets the images that visitors ask for: those that were made before, and new ones from Thumbnails' workers.
struct ImageDeriver: Sendable {
    private static let timeout = Duration.seconds(50)
    /// Different images in the making; what is more is sent away.
    private static let flightLimit = 64

    let store: S3Store
    let client: ServiceClient
    let kept: DerivedImageStore
    let log: Log
    let metrics: Metrics
    private let flights = SharedFlights<DerivedImage>(limit: flightLimit)

    init(store: S3Store, client: ServiceClient, kept: DerivedImageStore, log: Log, metrics: Metrics) {
        (self.store, self.client, self.kept, self.log, self.metrics) = (store, client, kept, log, metrics)
    }

    /// An image of an object, on behalf of somebody who may read it.
    ///
    /// - Parameters:
    ///   - reference: where the object was found.
    ///   - caller: whose permissions count for its key.
    /// - Throws: what reading the object throws; 422 for a file that no image can be made of; `SlowDown`
    func image(
        _ request: ImageRequest, of object: StoredObject, at reference: ObjectReference, in call: Call,
        as caller: Caller
    ) async throws -> (type: String, bytes: [UInt8]) {
        let bucket = try await store.bucket(reference.bucket)
        try object.checkReadable()
        // Whoever cannot open the object's key does not see what was made of it either.
        let dataKey = try await store.keys.open(
            object.encryption, with: nil, KeyRequest(for: object.key, in: bucket, call, as: caller))
        let key = store.keys.keyOfDerived(from: dataKey)
        if let image = try await kept.image(request, of: object, at: call.now)?.opened(with: key) {
            metrics.count("apus_s3_derived_images_total", labels: "outcome=\"kept\"")
            return try image.content
        }
        let image = try await flights.run("\(object.id) \(object.etag) \(request.name)") {
            try await make(request, of: object, at: reference, in: call, as: caller, under: key)
        }
        return try image.content
    }

    private func make(
        _ request: ImageRequest, of object: StoredObject, at reference: ObjectReference, in call: Call,
        as caller: Caller, under key: [UInt8]
    ) async throws -> DerivedImage {
        let (opened, body) = try await store.open(reference, in: call, as: caller) { 0..<$0.size }
        // Overwritten since it was looked up: a retry finds the new one.
        guard opened.id == object.id, opened.etag == object.etag else { throw ServiceError.slowDown }
        let image = try await render(request, of: body, for: call)
        if case .refused(_, let reason) = image {
            log.warning(
                "An image was refused", ["bucket": reference.bucket.name, "key": object.key, "reason": reason])
        }
        try await kept.store(try SealedImage(image, of: object, request, under: key), at: call.now)
        metrics.count("apus_s3_derived_images_total", labels: "outcome=\"made\"")
        return image
    }

    private func render(
        _ request: ImageRequest, of body: ByteStream, for call: Call
    ) async throws -> DerivedImage {
        var options = ServiceClient.Options()
        options.timeout = Self.timeout
        options.stream = body
        options.trace = call.trace
        do {
            let reply = try await client.call("apus.thumbnails", "DeriveImage", options: options) {
                request.write(to: &$0)
            }
            let type: String = try Members(reply.output)("ContentType")
            return .image(type: type, bytes: try await reply.stream?.collect(upTo: Self.largestImage) ?? [])
        } catch let error as ServiceError where error.status == 422 {
            return .refused(code: error.code, reason: error.message)
        }
    }

    /// Bytes: 4096 × 4096 pixels of noise, not compressed at all.
    private static let largestImage = 64 << 20
}

extension ServiceError {
    static let slowDown = ServiceError("SlowDown", "Please reduce your request rate.", status: 503)
}
