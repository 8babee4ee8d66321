import ServiceKit

/// Images made to measure on S3's own endpoint: `GET /bucket/photo.jpg?w=640`, anonymous, signed or presigned.
///
/// The model of GetObject has none of the parameters, so they are read from the line of the HTTP request, which is not
/// there in calls between services. What a client accepts is not known here: `auto` is what every browser shows.
extension ImageDeriver {
    /// Asked first and for every object: nearly all requests want the object itself.
    func isAsked(by call: Call) -> Bool { Self.httpQuery(of: call).map(ImageRequest.isAskedFor(by:)) ?? false }

    /// `nil` where the object itself is to be answered. The caller holds GetObject's permissions.
    func answer(
        to query: ObjectQuery, in call: Call
    ) async throws -> (description: ObjectDescription, body: ByteStream)? {
        let bucket = try await store.bucket(query.object.bucket)
        guard let rules = bucket.images, let asked = Self.httpQuery(of: call),
            query.partNumber == nil, try query.customerKey.customerKey() == nil
        else { return nil }
        let object = try await store.concealing(query.object, in: call) {
            try await store.read { try $0.existingObject(query.object, in: bucket) }
        }
        try await store.recheck("s3:GetObject", with: object, at: query.object, in: call)
        var headers = try object.headers
        guard ImageRequest.concerns(object.key, type: headers.contentType),
            let asked = try ImageRequest(
                query: asked, accept: nil, rules: rules, of: ImageSource(object.key, type: headers.contentType))
        else { return nil }
        var shown = object
        shown.etag = asked.etag(of: object)
        try query.preconditions.check(shown)
        let (type, bytes) = try await image(asked, of: object, at: query.object, in: call, as: call.caller)
        headers.contentType = type
        headers.contentEncoding = nil
        shown.size = Int64(bytes.count)
        shown.encodedHeaders = headers.encoded
        shown.checksum = nil
        let selection = try query.select(shown)
        let description = try ObjectDescription(
            object: shown, bucket: bucket, selection: selection, query: query,
            lock: try await store.visibleLock(of: object, query.object, in: call), caller: call.caller)
        let range = Int(selection.range.lowerBound)..<Int(selection.range.upperBound)
        return (description, ByteStream(selection.isPartial ? Array(bytes[range]) : bytes))
    }

    /// That of `GET /bucket/key?w=640 HTTP/1.1`; `nil` without one.
    private static func httpQuery(of call: Call) -> String? {
        guard let line = call.source.visit?.requestLine, let mark = line.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return nil
        }
        return String(line[line.utf8.index(after: mark)...].prefix { $0 != " " })
    }
}
