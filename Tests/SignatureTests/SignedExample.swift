import Bytes
import HTTPTypes
import Time

@testable import AWSSignature

/// Requests and keys that the tests sign and alter.
enum SignedExample {
    static let accessKeyID = "AKIAIOSFODNN7EXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    static let now = Timestamp(seconds: 1_795_248_000)

    static func signer(_ service: String, token: String? = nil) -> Signer {
        Signer(
            .init(accessKeyID: accessKeyID, secret: secret, sessionToken: token), region: "us-east-1", service: service)
    }

    static func head(_ method: String = "POST", _ target: String = "/", _ more: HTTPFields = [:]) -> RequestHead {
        var fields: HTTPFields = ["Host": "dynamodb.us-east-1.amazonaws.com"]
        for field in more { fields.append(field.name, field.value) }
        return RequestHead(method: method, target: target, fields: fields)
    }

    static func key(for signed: SignedRequest, secret: String = secret) -> SigningKey {
        .derive(secret: secret, scope: signed.scope)
    }

    static func parse(_ head: RequestHead) throws -> SignedRequest {
        guard case .signed(let signed) = try RequestAuthentication.parse(head) else {
            throw SignatureError.missingAuthentication
        }
        return signed
    }

    static func verify(
        _ head: RequestHead, body: [UInt8] = [], secret: String = secret, now: Timestamp = now
    ) throws {
        let signed = try parse(head)
        try signed.verify(head, body: body, key: key(for: signed, secret: secret), now: now)
    }

    /// The error that verifying throws, in a dialect's words.
    static func answer(
        in dialect: ErrorDialect, _ head: RequestHead, body: [UInt8] = [], secret: String = secret,
        now: Timestamp = now
    ) -> SignatureAnswer? {
        do {
            try verify(head, body: body, secret: secret, now: now)
            return nil
        } catch {
            return (error as? SignatureError)?.answer(in: dialect)
        }
    }
}
