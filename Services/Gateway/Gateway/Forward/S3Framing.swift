import AWSWire
import HTTPTypes
import ServiceKit

/// What S3 asks of a request's framing before it looks at whose it is.
enum S3Framing {
    /// Bytes of all header fields together, as lines.
    private static let headerLimit = 8 << 10
    /// Not the sender's to shorten: it holds the session's policies, and is longer than AWS's.
    private static let tokenHeader = "x-amz-security-token"

    static let headersTooLarge = WireError(
        "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.",
        members: Array(#""MaxSizeAllowed":\#(headerLimit)"#.utf8))

    /// - Throws: `RequestHeaderSectionTooLarge`, and `NotImplemented` for a body of unknown length that is not
    ///   `aws-chunked`, whose head tells the length.
    static func check(_ fields: HTTPFields) throws(WireError) {
        let size = fields.reduce(0) { sum, field in
            let isToken = field.name.equalsIgnoringCase(tokenHeader)
            return isToken ? sum : sum + field.name.utf8.count + field.value.utf8.count + 4
        }
        guard size <= headerLimit else { throw headersTooLarge }
        guard !hasUnknownLength(fields) else {
            throw WireError(
                "NotImplemented", "A header you provided implies functionality that is not implemented", status: 501,
                members: Array(#""Header":"Transfer-Encoding""#.utf8))
        }
    }

    /// Whether nobody knows where such a request's body ends before it has ended: its connection is not used again.
    static func hasUnknownLength(_ fields: HTTPFields) -> Bool {
        fields.contains("Transfer-Encoding") && !fields.contains("X-Amz-Decoded-Content-Length")
    }
}
