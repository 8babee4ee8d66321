import Bytes
import Crypto
import HTTPTypes
import Testing
import Time

@testable import AWSSignature

@Suite(
    "The AWS signing test suite",
    .enabled(if: ConformanceCase.isAvailable, "no conformance data beside the package; set APUS_CONFORMANCE"))
struct ConformanceTests {
    @Test("The suite is complete")
    func complete() {
        #expect(ConformanceCase.all("v4").count == 38)
        // Two of the 40 SigV4A cases come without a signed request.
        #expect(ConformanceCase.all("v4a").count == 38)
    }

    @Test("SigV4 verifies", arguments: ConformanceCase.all("v4"), ["header", "query"])
    func hmac(_ example: ConformanceCase, form: String) throws {
        let (head, body) = try example.request("\(form)-signed-request.txt")
        let signed = try signature(of: head)
        try compare(example, form, head, body, signed)
        let key = SigningKey.derive(secret: example.secret, scope: signed.scope)
        #expect(signed.signature == (try example.text("\(form)-signature.txt")))
        try signed.verifySignature(head, body: body, key: key, rules: example.rules)
        let wrongKey = SigningKey.derive(secret: "other", scope: signed.scope)
        #expect(throws: SignatureError.self) {
            try signed.verifySignature(head, body: body, key: wrongKey, rules: example.rules)
        }
    }

    @Test("SigV4A verifies under the key of the secret", arguments: ConformanceCase.all("v4a"), ["header", "query"])
    func ecdsa(_ example: ConformanceCase, form: String) throws {
        let (head, body) = try example.request("\(form)-signed-request.txt")
        let signed = try signature(of: head)
        try compare(example, form, head, body, signed)
        #expect(signed.covers(region: "us-east-1") && !signed.covers(region: "eu-west-1"))
        let key = try SigningKey.deriveAsymmetric(secret: example.secret, accessKeyID: example.accessKeyID)
        try signed.verifySignature(head, body: body, key: key, rules: example.rules)
        let wrongKey = try SigningKey.deriveAsymmetric(secret: "other", accessKeyID: example.accessKeyID)
        #expect(throws: SignatureError.self) {
            try signed.verifySignature(head, body: body, key: wrongKey, rules: example.rules)
        }
    }

    private func signature(of head: RequestHead) throws -> SignedRequest {
        guard case .signed(let signed) = try RequestAuthentication.parse(head) else {
            throw SignatureError.missingAuthentication
        }
        return signed
    }

    private func compare(
        _ example: ConformanceCase, _ form: String, _ head: RequestHead, _ body: [UInt8], _ signed: SignedRequest
    ) throws {
        let digest = signed.payload.text ?? Hex.string(SHA256.hash(body))
        let canonical = CanonicalRequest(
            head, signedHeaders: signed.signedHeaders, payload: digest, rules: example.rules
        ).bytes
        #expect(String(decoding: canonical, as: UTF8.self) == (try example.text("\(form)-canonical-request.txt")))
        let text = StringToSign.request(
            algorithm: signed.algorithm, date: signed.date, scope: signed.scope, canonical: canonical)
        #expect(String(decoding: text, as: UTF8.self) == (try example.text("\(form)-string-to-sign.txt")))
    }
}
