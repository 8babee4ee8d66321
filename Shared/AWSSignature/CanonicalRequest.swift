import Bytes
import Crypto
import HTTPTypes

/// The text both sides hash: method, path, query, headers and payload in one agreed form.
///
/// [Reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)
struct CanonicalRequest {
    /// Where S3 differs from every other service.
    struct Rules {
        /// Dot segments and repeated slashes are removed.
        var normalizesPath = true
        /// The path is encoded once more as it came; otherwise it is decoded and encoded once.
        var encodesPathTwice = true
        /// IoT adds the session token to the query after signing.
        var signsSessionToken = true

        static let standard = Rules()
        static let s3 = Rules(normalizesPath: false, encodesPathTwice: false)
    }

    let bytes: [UInt8]

    /// - Parameter payload: the last line: a digest in hexadecimal or one of the words in its place.
    init(_ head: RequestHead, signedHeaders: [String], payload: String, rules: Rules) {
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        out.append(contentsOf: head.method.utf8)
        out.append(.newline)
        CanonicalPath.append(head.target.utf8.prefix { $0 != UInt8(ascii: "?") }, rules: rules, to: &out)
        out.append(.newline)
        CanonicalQuery.append(head.query.utf8, rules: rules, to: &out)
        out.append(.newline)
        for name in signedHeaders { Self.append(header: name, of: head.fields, to: &out) }
        out.append(.newline)
        for (index, name) in signedHeaders.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ";")) }
            out.append(contentsOf: name.utf8)
        }
        out.append(.newline)
        out.append(contentsOf: payload.utf8)
        bytes = out
    }

    private static func append(header name: String, of fields: HTTPFields, to out: inout [UInt8]) {
        out.append(contentsOf: name.utf8)
        out.append(UInt8(ascii: ":"))
        let fieldName = name == ":authority" ? "host" : name
        var next = fields.firstIndex(of: fieldName)
        while let index = next {
            appendTrimmed(fields.fields[index].value.utf8, to: &out)
            next = fields.firstIndex(of: fieldName, from: index + 1)
            if next != nil { out.append(UInt8(ascii: ",")) }
        }
        out.append(.newline)
    }

    /// White space around the value goes, runs of it inside become one space.
    private static func appendTrimmed(_ value: String.UTF8View, to out: inout [UInt8]) {
        // Nearly every value is appended as it is: only where there is white space to take away is it walked.
        let isPlain = value.withContiguousStorageIfAvailable { bytes in
            guard isTrimmed(bytes) else { return false }
            out.append(contentsOf: bytes)
            return true
        }
        guard isPlain != true else { return }
        let start = out.count
        var pendingSpace = false
        for byte in value {
            guard !byte.isHeaderSpace else {
                pendingSpace = true
                continue
            }
            if pendingSpace, out.count > start { out.append(UInt8(ascii: " ")) }
            pendingSpace = false
            out.append(byte)
        }
    }

    /// Whether a value has nothing but single spaces, and none at its ends.
    private static func isTrimmed(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        var wasSpace = true
        for byte in value {
            let isSpace = byte.isHeaderSpace
            if isSpace, wasSpace || byte != UInt8(ascii: " ") { return false }
            wasSpace = isSpace
        }
        return !wasSpace || value.isEmpty
    }
}

/// The canonical request's second line.
enum CanonicalPath {
    static func append(_ path: Substring.UTF8View, rules: CanonicalRequest.Rules, to out: inout [UInt8]) {
        guard path.first == UInt8(ascii: "/") else { return out.append(UInt8(ascii: "/")) }
        guard path.count > 1 else { return out.append(UInt8(ascii: "/")) }
        guard rules.encodesPathTwice else {
            // Clients differ in what they leave unencoded on the wire; S3 signs the key itself.
            let key = PercentEncoding.decode(path) ?? Array(path)
            return PercentEncoding.append(key, keepingSlash: true, to: &out)
        }
        let segments = rules.normalizesPath ? normalized(path) : Array(path)
        PercentEncoding.append(segments, keepingSlash: true, to: &out)
    }

    /// RFC 3986 section 5.2.4, and repeated slashes as one.
    private static func normalized(_ path: Substring.UTF8View) -> [UInt8] {
        var segments: [Substring.UTF8View] = []
        for segment in path.split(separator: UInt8(ascii: "/")) where !segment.elementsEqual(".".utf8) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        var out: [UInt8] = []
        for segment in segments {
            out.append(UInt8(ascii: "/"))
            out.append(contentsOf: segment)
        }
        if path.last == UInt8(ascii: "/") || out.isEmpty { out.append(UInt8(ascii: "/")) }
        return out
    }
}

/// The canonical request's third line: parameters encoded and in the order of their bytes.
enum CanonicalQuery {
    private struct Parameter: Comparable {
        let name: [UInt8]
        let value: [UInt8]

        static func < (left: Parameter, right: Parameter) -> Bool {
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
    }

    static func append(_ query: Substring.UTF8View, rules: CanonicalRequest.Rules, to out: inout [UInt8]) {
        guard !query.isEmpty else { return }
        var parameters = query.split(separator: UInt8(ascii: "&")).map(parameter)
        let signature = Array("X-Amz-Signature".utf8)
        let token = Array("X-Amz-Security-Token".utf8)
        parameters.removeAll { $0.name == signature || (!rules.signsSessionToken && $0.name == token) }
        parameters.sort()
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { out.append(UInt8(ascii: "&")) }
            out.append(contentsOf: parameter.name)
            out.append(UInt8(ascii: "="))
            out.append(contentsOf: parameter.value)
        }
    }

    private static func parameter(_ pair: Substring.UTF8View) -> Parameter {
        let name = pair.prefix { $0 != UInt8(ascii: "=") }
        return Parameter(name: canonical(name), value: canonical(pair.dropFirst(name.count + 1)))
    }

    private static func canonical(_ text: Substring.UTF8View) -> [UInt8] {
        PercentEncoding.encode(PercentEncoding.decode(text, plusIsSpace: true) ?? Array(text))
    }
}

extension UInt8 {
    fileprivate var isHeaderSpace: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == .newline
    }

    static let newline = UInt8(ascii: "\n")
}
