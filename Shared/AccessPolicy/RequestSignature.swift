import Time

/// How a request to S3 was signed, as its condition keys tell it.
///
/// [Condition keys of Signature Version 4](https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html)
public struct RequestSignature: Sendable, Equatable {
    /// Where it stood: `s3:authType`.
    public enum Form: String, Sendable {
        case header = "REST-HEADER"
        case query = "REST-QUERY-STRING"
        case post = "POST"
    }

    public let form: Form
    /// `AWS4-HMAC-SHA256`; `AWS` for Version 2.
    public let algorithm: String
    /// When it was made; `nil` for Version 2, which says only until when it is good.
    public let date: Timestamp?
    /// The digest of the body that was signed with it, or a word such as `UNSIGNED-PAYLOAD`; empty for none.
    public let payload: String

    public init(_ form: Form, algorithm: String, date: Timestamp? = nil, payload: String = "") {
        (self.form, self.algorithm, self.date, self.payload) = (form, algorithm, date, payload)
    }

    /// - Parameter key: in lower case, without `s3:`.
    func value(of key: Substring, at now: Timestamp) -> String? {
        switch key {
        case "authtype": form.rawValue
        case "signatureversion": algorithm
        case "signatureage": date.map { String(max(0, now.milliseconds - $0.milliseconds)) }
        case "x-amz-content-sha256": payload.isEmpty ? nil : payload
        default: nil
        }
    }
}
