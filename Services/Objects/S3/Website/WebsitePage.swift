import ServiceKit

/// The forms of a website's answers.
enum WebsitePage {
    static func redirect(_ target: (status: Int, location: String)) -> PlaneResponse {
        PlaneResponse(status: target.status, headers: [.init("Location", target.location)])
    }

    /// The page that S3 shows where there is no error document.
    static func failure(_ error: ServiceError, _ call: Call) -> PlaneResponse {
        let title = "\(error.status) \(reasons[error.status] ?? error.code)"
        let page = """
            <html>
            <head><title>\(title)</title></head>
            <body>
            <h1>\(title)</h1>
            <ul>
            <li>Code: \(escaped(error.code))</li>
            <li>Message: \(escaped(error.message))</li>
            <li>RequestId: \(escaped(call.requestID))</li>
            </ul>
            <hr/>
            </body>
            </html>

            """
        var headers: [PlaneRequest.Header] = [
            .init("Content-Type", "text/html; charset=utf-8"), .init("x-amz-error-code", error.code),
            .init("x-amz-error-message", error.message),
        ]
        if error.status == 503 { headers.append(.init("Retry-After", "1")) }
        return PlaneResponse(status: error.status, headers: headers, bytes: Array(page.utf8))
    }

    /// - Parameter conditional: false for error documents, which are always answered whole.
    static func query(
        for key: String, in bucket: Bucket, _ request: PlaneRequest, conditional: Bool
    ) throws -> ObjectQuery {
        var json = JSONWriter()
        json.object { json in
            json.member("Bucket", bucket.name)
            json.member("Key", key)
            guard conditional else { return }
            json.member("IfMatch", request.header("If-Match"))
            json.member("IfNoneMatch", request.header("If-None-Match"))
            json.member("IfModifiedSince", request.header("If-Modified-Since").flatMap(Timestamp.init(httpDate:)))
            json.member("IfUnmodifiedSince", request.header("If-Unmodified-Since").flatMap(Timestamp.init(httpDate:)))
            json.member("Range", request.header("Range"))
        }
        return try ObjectQuery(Members(JSONDocument(json.bytes).root))
    }

    static func headers(
        of object: StoredObject, _ stored: ObjectHeaders, _ selection: ObjectQuery.Selection
    ) -> [PlaneRequest.Header] {
        var headers: [PlaneRequest.Header] = [
            .init("Content-Type", stored.contentType ?? "binary/octet-stream")
        ]
        headers += extent(of: selection, in: object) + caching(of: object, stored)
        let optional = [
            ("Content-Encoding", stored.contentEncoding), ("Content-Language", stored.contentLanguage),
            ("Content-Disposition", stored.contentDisposition),
        ]
        for (name, value) in optional { if let value { headers.append(.init(name, value)) } }
        for (name, value) in stored.metadata { headers.append(.init("x-amz-meta-\(name)", value)) }
        return headers
    }

    /// Which bytes are answered.
    static func extent(of selection: ObjectQuery.Selection, in object: StoredObject) -> [PlaneRequest.Header] {
        let range = selection.range
        var headers: [PlaneRequest.Header] = [
            .init("Content-Length", "\(range.upperBound - range.lowerBound)"), .init("Accept-Ranges", "bytes"),
        ]
        if selection.isPartial {
            headers.append(
                .init("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(object.size)"))
        }
        return headers
    }

    /// What a cache keeps an answer by.
    ///
    /// - Parameter isNegotiated: whether other visitors may get another one.
    static func caching(
        of object: StoredObject, _ stored: ObjectHeaders, isNegotiated: Bool = false
    ) -> [PlaneRequest.Header] {
        var headers: [PlaneRequest.Header] = [
            .init("ETag", object.quotedETag), .init("Last-Modified", object.modified.httpDate),
        ]
        if let control = stored.cacheControl { headers.append(.init("Cache-Control", control)) }
        if isNegotiated { headers.append(.init("Vary", "Accept")) }
        return headers
    }

    private static let reasons = [
        400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 412: "Precondition Failed",
        416: "Requested Range Not Satisfiable", 422: "Unprocessable Entity", 500: "Internal Server Error",
        503: "Service Unavailable",
    ]

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}

extension PlaneRequest {
    /// The first field of that name.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
