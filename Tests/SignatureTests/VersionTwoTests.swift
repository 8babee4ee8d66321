import Bytes
import Crypto
import HTTPTypes
import Testing
import Time

@testable import AWSSignature

/// S3's older signature in the query, as botocore's `HmacV1QueryAuth` makes it.
@Suite("Signature Version 2") struct VersionTwoTests {
    private let secret = Array("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".utf8)
    private let before = Timestamp(seconds: 1_175_139_000)

    @Test("AWS's own example of query string authentication is verified")
    func example() throws {
        // The signature is the one printed in "Signing and authenticating REST requests".
        let head = RequestHead(
            method: "GET",
            target: "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE"
                + "&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620")
        let signature = try parsed(head, bucket: "johnsmith")
        #expect(signature.text == "GET\n\n\n1175139620\n/johnsmith/photos/puppy.jpg")
        try signature.verify(expected: HMAC.sha1(key: secret, Array(signature.text.utf8)), now: before)
    }

    @Test("Headers that stand in the query, and parameters that mean something, are signed")
    func parts() throws {
        let head = VersionTwoSignature.headersOfQuery(
            RequestHead(
                method: "PUT",
                target: "/b/k%20k?versionId=a%2Fb&x-amz-meta-b=2&x-amz-acl=private&other=1&content-type=image%2Fpng"
                    + "&response-content-type=a%2Fb&uploads&AWSAccessKeyId=A&Signature=cw%3D%3D&Expires=1175139620"))
        let signature = try parsed(head)
        #expect(
            signature.text == """
                PUT

                image/png
                1175139620
                x-amz-acl:private
                x-amz-meta-b:2
                /b/k%20k?response-content-type=a/b&uploads&versionId=a/b
                """)
    }

    @Test("A changed request, a late one and one without all three parameters are refused")
    func refusals() throws {
        let target = "/b/k?AWSAccessKeyId=A&Expires=1175139620&Signature="
        let signed = HMAC.sha1(key: secret, Array("GET\n\n\n1175139620\n/b/k".utf8))
        let right = try parsed(RequestHead(method: "GET", target: target + "cw=="))
        #expect(throws: SignatureError.self) { try right.verify(expected: signed, now: before) }
        let other = try parsed(RequestHead(method: "GET", target: target + "no%20base64"))
        #expect(throws: SignatureError.self) { try other.verify(expected: signed, now: before) }
        #expect(throws: SignatureError.malformed(.queryParameters(missing: ["Signature"]))) {
            _ = try RequestAuthentication.parse(RequestHead(method: "GET", target: target))
        }
        #expect(throws: SignatureError.malformed(.expiresIsNoNumber)) {
            _ = try RequestAuthentication.parse(
                RequestHead(method: "GET", target: "/b/k?AWSAccessKeyId=A&Expires=never&Signature=cw=="))
        }
        let late = Timestamp(seconds: 1_175_139_621)
        let valid = try parsed(RequestHead(method: "GET", target: target + Self.escaped(signed)))
        try valid.verify(expected: signed, now: before)
        #expect(throws: SignatureError.self) { try valid.verify(expected: signed, now: late) }
    }

    @Test("A request with an Authorization header is never one of these, and its query adds no headers")
    func header() throws {
        var head = RequestHead(method: "GET", target: "/b?AWSAccessKeyId=A&Expires=1&Signature=s&x-amz-acl=private")
        head.fields["Authorization"] = "Bearer token"
        #expect(VersionTwoSignature.headersOfQuery(head) == head)
        guard case .other = try RequestAuthentication.parse(head) else {
            Issue.record("taken for a signature in the query")
            return
        }
    }

    private func parsed(_ head: RequestHead, bucket: String? = nil) throws -> VersionTwoSignature {
        guard case .presignedByVersionTwo(let signature) = try RequestAuthentication.parse(head, bucket: bucket) else {
            throw SignatureError.missingAuthentication
        }
        return signature
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        PercentEncoding.string(Base64.string(bytes))
    }
}
