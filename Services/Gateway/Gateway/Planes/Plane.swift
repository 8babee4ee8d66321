import HTTPTypes
import ServiceKit

/// A surface that is not made of AWS operations, and what the request says within it.
enum Plane: Sendable, Equatable {
    case health
    /// `GET /` of `dynamodb.us-east-1.amazonaws.com`, which answers that it is well.
    case serviceHealth
    case localStackHealth
    case metrics
    /// The mail that SES kept, where LocalStack shows it.
    case inbox
    /// `{api}.execute-api.…/{stage}/…` and LocalStack's two paths.
    case api(id: String, stage: String, path: String)
    case website(bucket: String)
    /// What a pool publishes for those who check its tokens.
    case keySet(pool: String)
    case openIDConfiguration(pool: String)
    case functionURL(id: String)
    /// What SNS's notifications point to as `SigningCertURL`.
    case signingCertificate(name: String)
    /// The Iceberg REST endpoint of S3 Tables.
    case catalog

    /// `nil` for AWS operations.
    init?(_ exchange: Exchange) {
        switch exchange.host.meaning {
        case .website(let bucket):
            self = .website(bucket: bucket)
            return
        case .functionURL(let id):
            self = .functionURL(id: id)
            return
        case .api(let id)
        where !Plane.isSigned(exchange, for: "execute-api") || !exchange.head.path.contains("@connections"):
            let (stage, path) = Plane.split(exchange.head.path)
            self = .api(id: id, stage: stage, path: path)
            return
        case .bucket: return nil
        case .service(let prefix) where prefix.hasSuffix("dynamodb") && exchange.head.method == "GET":
            guard exchange.head.path == "/" else { return nil }
            self = .serviceHealth
            return
        default: break
        }
        // A bucket may have the name: who reads a table signs for its service.
        if exchange.head.path.hasPrefix("/iceberg/v1/"), Plane.isSigned(exchange, for: "s3tables") {
            self = .catalog
            return
        }
        guard let plane = Plane.named(by: exchange.head) else { return nil }
        self = plane
    }

    private static func named(by head: RequestHead) -> Plane? {
        let path = head.path
        switch path {
        case "/": return nil
        case "/_apus/health": return .health
        case "/_localstack/health": return .localStackHealth
        case "/_aws/ses", "/_aws/ses/": return .inbox
        // A bucket may have the name, but nobody lists it unsigned before asking for more than its root.
        case "/metrics" where !head.fields.contains("Authorization") && head.query.isEmpty && head.method == "GET":
            return .metrics
        default: break
        }
        if path.hasPrefix("/SimpleNotificationService-"), path.hasSuffix(".pem") {
            return .signingCertificate(name: String(path.dropFirst()))
        }
        let parts = path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count > 3 else { return nil }
        if parts[1] == "_aws", parts[2] == "execute-api", parts.count == 5 {
            let (stage, rest) = split("/\(parts[4])")
            return .api(id: String(parts[3]), stage: stage, path: rest)
        }
        if parts[1] == "restapis", parts.count == 5, parts[4].hasPrefix("_user_request_") {
            let rest = parts[4].dropFirst("_user_request_".count)
            return .api(id: String(parts[2]), stage: String(parts[3]), path: rest.isEmpty ? "/" : String(rest))
        }
        guard parts.count == 4, parts[2] == ".well-known", parts[1].contains("_") else { return nil }
        if parts[3] == "jwks.json" { return .keySet(pool: String(parts[1])) }
        return parts[3] == "openid-configuration" ? .openIDConfiguration(pool: String(parts[1])) : nil
    }

    /// `/prod/pets/1` is stage `prod` and path `/pets/1`.
    private static func split(_ path: Substring) -> (stage: String, path: String) {
        let rest = path.dropFirst()
        guard let slash = rest.firstIndex(of: "/") else { return (String(rest), "/") }
        return (String(rest[..<slash]), String(rest[slash...]))
    }

    private static func isSigned(_ exchange: Exchange, for service: String) -> Bool {
        exchange.head.fields["Authorization"]?.contains("/\(service)/aws4_request") ?? false
    }
}
