import AWSWire
import Bytes
import HTTPTypes
import ServiceKit
import Synchronization

/// A form's fields, and its file, which is still on its way.
struct PostedForm: Sendable {
    /// By name in lower case.
    let fields: [String: String]
    /// With the file's name in the place of `${filename}`.
    let key: String
    /// Those of the request that the form stands for.
    let headers: HTTPFields
    private let reader: FormReader

    /// Headers that fields may set; those with a dash at their end by what they begin with.
    private static let permittedHeaders = [
        "cache-control", "content-type", "content-disposition", "content-encoding", "expires", "x-amz-storage-class",
        "x-amz-website-redirect-location", "x-amz-meta-", "x-amz-server-side-encryption-",
        "x-amz-server-side-encryption", "x-amz-checksum-", "x-amz-sdk-checksum-algorithm", "x-amz-object-lock-",
    ]

    /// - Throws: `FormError`
    init(_ fields: [String: String], file: FormPart, _ reader: FormReader) throws(FormError) {
        guard let key = fields["key"], !key.isEmpty else { throw .noKey }
        if fields["policy"] != nil, fields["x-amz-signature"] == nil {
            if fields["signature"] == nil { throw .badField("x-amz-signature") }
            if fields["awsaccesskeyid"] == nil { throw .badField("AWSAccessKeyId") }
        }
        self.reader = reader
        // Browsers of old sent the whole path.
        let name = (file.fileName ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        self.key = key.replacing("${filename}", with: name)
        var resolved = fields
        resolved["key"] = self.key
        self.fields = resolved
        headers = try Self.headers(fields)
    }

    private static func headers(_ fields: [String: String]) throws(FormError) -> HTTPFields {
        var headers = HTTPFields()
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard permittedHeaders.contains(where: { $0.hasSuffix("-") ? name.hasPrefix($0) : name == $0 }) else {
                continue
            }
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 9 })
            else { throw .badField(name) }
            headers.append(name, value)
        }
        if let list = fields["acl"] { headers.append("x-amz-acl", list) }
        if let document = fields["tagging"] {
            guard let tags = try? S3Form.tags(document) else { throw .badField("tagging") }
            let pairs = tags.map { "\(PercentEncoding.string($0.name))=\(PercentEncoding.string($0.value))" }
            headers.append("x-amz-tagging", pairs.joined(separator: "&"))
        }
        return headers
    }

    /// The file, once the policy allows the form; without one the bucket alone decides.
    ///
    /// - Throws: `FormError`
    func permitted(in bucket: String, now: Timestamp) throws(FormError) -> FormFile {
        guard let text = fields["policy"] else { return FormFile(reader, sizes: nil) }
        let policy = try FormPolicy(base64: text)
        var checked = fields
        if let named = fields["bucket"], named != bucket { throw .denied("Policy Condition failed: bucket") }
        checked["bucket"] = bucket
        try policy.check(checked, now: now)
        return FormFile(reader, sizes: policy.sizes)
    }
}

/// The file of a form, held to the lengths that its policy allows.
final class FormFile: Sendable {
    private let reader: FormReader
    private let sizes: ClosedRange<Int64>?
    private let state = Mutex(State())

    private struct State {
        var size: Int64 = 0
        /// Readers ask once more behind the end.
        var isAtEnd = false
        var fault: FormError?
    }

    init(_ reader: FormReader, sizes: ClosedRange<Int64>?) {
        self.reader = reader
        self.sizes = sizes
    }

    /// Why the stream broke off: the owner only knows that it did.
    var fault: FormError? { state.withLock { $0.fault } }

    var stream: ByteStream {
        ByteStream(length: nil) { [self] in
            let (isAtEnd, fault) = state.withLock { ($0.isAtEnd, $0.fault) }
            if let fault { throw fault }
            if isAtEnd { return nil }
            do {
                let chunk = try await reader.content()
                try admit(chunk)
                return chunk
            } catch let error as FormError {
                state.withLock { $0.fault = error }
                throw error
            }
        }
    }

    private func admit(_ chunk: [UInt8]?) throws(FormError) {
        let size = state.withLock { state in
            state.size += Int64(chunk?.count ?? 0)
            state.isAtEnd = chunk == nil
            return state.size
        }
        guard let sizes else { return }
        if size > sizes.upperBound { throw .tooLarge(size, maximum: sizes.upperBound) }
        if chunk == nil, size < sizes.lowerBound { throw .tooSmall(size, minimum: sizes.lowerBound) }
    }
}
