import AWSWire
import ServiceKit

/// Why a form is refused, in S3's words.
enum FormError: Error, Equatable {
    case malformed
    case fieldsTooLarge
    case noKey
    case noFile
    case badField(String)
    case badPolicy(String)
    /// The policy does not allow this form.
    case denied(String)
    case tooSmall(Int64, minimum: Int64)
    case tooLarge(Int64, maximum: Int64)

    var answer: WireError {
        switch self {
        case .malformed:
            WireError("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
        case .fieldsTooLarge:
            WireError(
                "MaxPostPreDataLengthExceeded",
                "Your POST request fields preceding the upload file were too large.")
        case .noKey:
            WireError(
                "InvalidArgument",
                "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the "
                    + "fields.")
        case .noFile:
            WireError("InvalidArgument", "POST requires exactly one file upload per request.")
        case .badField(let name): WireError("InvalidArgument", "The value of the field '\(name)' is invalid.")
        case .badPolicy(let reason): WireError("InvalidPolicyDocument", "Invalid Policy: \(reason)")
        case .denied(let reason):
            WireError("AccessDenied", "Invalid according to Policy: \(reason)", status: 403)
        case .tooSmall(let size, let minimum):
            Self.size("EntityTooSmall", "is smaller than the minimum", size, "MinSizeAllowed", minimum)
        case .tooLarge(let size, let maximum):
            Self.size("EntityTooLarge", "exceeds the maximum", size, "MaxSizeAllowed", maximum)
        }
    }

    private static func size(
        _ code: String, _ what: String, _ size: Int64, _ limitName: String, _ limit: Int64
    ) -> WireError {
        var json = JSONWriter()
        json.object { json in
            json.member("ProposedSize", size)
            json.member(limitName, limit)
        }
        return WireError(
            code, "Your proposed upload \(what) allowed size", members: Array(json.bytes.dropFirst().dropLast()))
    }
}
