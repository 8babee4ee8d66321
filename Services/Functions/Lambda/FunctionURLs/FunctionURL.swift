import ServiceKit

/// An HTTP endpoint of a function or of one of its aliases: the API's `FunctionUrlConfig`.
struct FunctionURL: Sendable {
    enum Authentication: String, Sendable {
        case none = "NONE"
        case iam = "AWS_IAM"
    }

    let id: String
    let key: FunctionKey
    /// The alias; `nil` for the function itself.
    let qualifier: String?
    var authentication: Authentication
    var cors: CrossOriginRules?
    let created: Timestamp
    var modified: Timestamp

    var arn: ARN { key.arn(qualifier) }

    /// `http://{id}.lambda-url.{region}.localhost:4566/`: under the name the caller knows the stack by, where names
    /// can stand below it.
    func url(for endpoint: String) -> String {
        let parts = endpoint.split(separator: "/", omittingEmptySubsequences: true)
        let (scheme, authority) = (parts.first ?? "http:", parts.count > 1 ? parts[1] : "localhost")
        let port = authority.lastIndex(of: ":").flatMap { colon in
            UInt16(authority[authority.index(after: colon)...]).map { (colon, ":\($0)") }
        }
        let host = port.map { authority[..<$0.0] } ?? authority
        let isAddress = host.hasPrefix("[") || host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        let isName = host.contains(".") && !isAddress && !host.hasSuffix(".amazonaws.com")
        let domain = isName ? String(host) : "localhost"
        return "\(scheme)//\(id).lambda-url.\(key.region).\(domain)\(port?.1 ?? "")/"
    }
}

/// The form a function URL is shown in, and an answer to the caller who named the stack by `endpoint`.
struct FunctionURLOutput: OutputShape {
    let url: FunctionURL
    let endpoint: String
    var showsModification = true

    func write(to json: inout JSONWriter) {
        json.member("FunctionUrl", url.url(for: endpoint))
        json.member("FunctionArn", url.arn)
        json.member("AuthType", url.authentication.rawValue)
        json.member("Cors", url.cors)
        json.member("CreationTime", url.created.iso8601(milliseconds: true))
        if showsModification { json.member("LastModifiedTime", url.modified.iso8601(milliseconds: true)) }
        json.member("InvokeMode", "BUFFERED")
    }
}

/// What of a function URL its owner sets.
struct FunctionURLSettings: InputShape {
    let authentication: FunctionURL.Authentication?
    let cors: CrossOriginRules?

    init(_ member: Members) throws {
        let type: String? = try member("AuthType")
        authentication = type.flatMap(FunctionURL.Authentication.init)
        cors = try member("Cors")
        let mode: String? = try member("InvokeMode")
        guard mode ?? "BUFFERED" == "BUFFERED" else {
            throw ServiceError.invalid("The InvokeMode RESPONSE_STREAM is not supported by Apus yet.")
        }
    }
}
