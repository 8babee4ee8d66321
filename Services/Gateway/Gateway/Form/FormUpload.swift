import AWSWire
import Bytes
import HTTP
import HTTPTypes
import ServiceKit

/// A browser's form that uploads a file to a bucket.
///
/// [POST Object](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html)
struct FormUpload {
    /// Bytes of all fields before the file.
    static let fieldsLimit = 20 << 10
    private static let longestBoundary = 200

    let bucket: String
    private let boundary: String

    /// `nil` for every other request.
    init?(_ exchange: Exchange) {
        guard exchange.head.method == "POST", exchange.head.query.isEmpty,
            exchange.head.fields.hasMediaType("multipart/form-data"), let type = exchange.head.fields["Content-Type"],
            let boundary = Self.boundary(of: type), let bucket = Self.bucket(of: exchange)
        else { return nil }
        (self.boundary, self.bucket) = (boundary, bucket)
    }

    private static func boundary(of type: String) -> String? {
        for parameter in type.split(separator: ";").dropFirst() {
            let pair = parameter.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == "boundary" else { continue }
            let text = pair[1].filter { $0 != "\"" }
            return text.isEmpty || text.utf8.count > longestBoundary ? nil : text
        }
        return nil
    }

    /// Forms go to the bucket itself: `/bucket`, or `/` of the bucket's own host.
    private static func bucket(of exchange: Exchange) -> String? {
        let path = exchange.head.path.dropFirst()
        if case .bucket(let name) = exchange.host.meaning { return path.isEmpty ? name : nil }
        let name = path.hasSuffix("/") ? path.dropLast() : path
        return name.contains("/") ? nil : BucketName.of(exchange)
    }

    /// The fields, and the file behind them still to be read.
    ///
    /// - Throws: `FormError`
    func read(_ exchange: Exchange) async throws -> PostedForm {
        let reader = FormReader(exchange.request.body, boundary: boundary)
        var fields: [String: String] = [:]
        while let part = try await reader.part() {
            let name = part.name.lowercased()
            if name == "file" { return try PostedForm(fields, file: part, reader) }
            guard fields[name] == nil else { throw FormError.badField(part.name) }
            fields[name] = try await reader.value()
        }
        throw FormError.noFile
    }

    /// The request that a form stands for.
    func put(key: String, _ exchange: Exchange, _ headers: HTTPFields = HTTPFields()) -> Exchange {
        var fields = headers
        for name in ["Host", "User-Agent"] { fields[name] = exchange.head.fields[name] }
        let path = PercentEncoding.string(key, keepingSlash: true)
        let isOwnHost = if case .bucket = exchange.host.meaning { true } else { false }
        let head = RequestHead(
            method: "PUT", target: isOwnHost ? "/\(path)" : "/\(bucket)/\(path)", fields: fields)
        let request = HTTPRequest(
            head: head, remoteAddress: exchange.request.remoteAddress, tlsVersion: exchange.request.tlsVersion)
        return Exchange(request, host: exchange.host, now: exchange.now)
    }
}

/// Pulls a form's parts out of a request's body; one reader at a time.
actor FormReader {
    private let body: ByteStream
    private var parser: FormParser
    private var fieldBytes = 0

    init(_ body: ByteStream, boundary: String) {
        self.body = body
        parser = FormParser(boundary: boundary)
    }

    /// The next part's header; `nil` at the form's end.
    func part() async throws -> FormPart? {
        switch try await next() {
        case .part(let part):
            try count(FormParser.headerLimit / 16)
            return part
        case .end, nil: return nil
        case .content, .endOfContent: throw FormError.malformed
        }
    }

    /// The content of a field, which is text.
    func value() async throws -> String {
        var bytes: [UInt8] = []
        while let chunk = try await content() {
            try count(chunk.count)
            bytes += chunk
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FormError.malformed }
        return text
    }

    /// A piece of the content; `nil` at its end.
    func content() async throws -> [UInt8]? {
        switch try await next() {
        case .content(let bytes): return bytes
        case .endOfContent: return nil
        case .part, .end, nil: throw FormError.malformed
        }
    }

    private func count(_ bytes: Int) throws(FormError) {
        fieldBytes += bytes
        if fieldBytes > FormUpload.fieldsLimit { throw .fieldsTooLarge }
    }

    /// `nil` where the body ended before the form did.
    private func next() async throws -> FormParser.Event? {
        while true {
            if let event = try parser.next() { return event }
            guard let bytes = try await body.next() else { return nil }
            parser.append(bytes)
        }
    }
}
