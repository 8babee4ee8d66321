import ServiceKit

/// Images made to measure: `photo.jpg?w=640&format=auto`, where the bucket's tag allows it.
extension WebsiteVisit {
    /// `nil` where the object itself is to be answered: no image is asked for, or the object is none.
    ///
    /// Only for a key that the visitor may read.
    func image(at key: String) async throws -> PlaneResponse? {
        guard let rules = bucket.images, ImageRequest.isAskedFor(by: request.query),
            let object = try await store.read({ try $0.object(key, in: bucket) }), !object.isDeleteMarker
        else { return nil }
        let stored = try object.headers
        guard stored.websiteRedirectLocation == nil, ImageRequest.concerns(key, type: stored.contentType),
            let asked = try ImageRequest(
                query: request.query, accept: request.header("Accept"), rules: rules,
                of: ImageSource(key, type: stored.contentType))
        else { return nil }
        try checkReading(object)
        return try await answer(asked, of: object, stored)
    }

    private func answer(
        _ asked: ImageRequest, of object: StoredObject, _ stored: ObjectHeaders
    ) async throws -> PlaneResponse {
        var shown = object
        shown.etag = asked.etag(of: object)
        let query = try WebsitePage.query(for: object.key, in: bucket, request, conditional: true)
        let caching = WebsitePage.caching(of: shown, stored, isNegotiated: asked.isNegotiated)
        do {
            try query.preconditions.check(shown)
        } catch let error as ServiceError where error.status == 304 {
            return PlaneResponse(status: 304, headers: caching)
        }
        let (type, bytes) = try await images.image(asked, of: object, at: query.object, in: call, as: .anonymous)
        shown.size = Int64(bytes.count)
        let selection = try query.select(shown)
        let range = Int(selection.range.lowerBound)..<Int(selection.range.upperBound)
        let body = selection.isPartial ? Array(bytes[range]) : bytes
        return PlaneResponse(
            status: selection.isPartial ? 206 : 200,
            headers: [.init("Content-Type", type)] + WebsitePage.extent(of: selection, in: shown) + caching,
            stream: request.method == "HEAD" ? nil : ByteStream(body))
    }
}
