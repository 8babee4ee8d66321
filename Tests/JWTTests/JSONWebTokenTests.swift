import Bytes
import CJWT
import Crypto
import Glibc
import JSON
import Testing
import Time

@testable import JWT

@Suite struct JSONWebTokenTests {
    static let key = try! RSA.PrivateKey()
    let signer = try! TokenSigner(key: key, keyID: "key-1")
    let now = Timestamp(seconds: 1_800_000_000)

    private func token(_ claims: String) throws -> String { try signer.sign(Array(claims.utf8)) }
    private var keys: JSONWebKeySet { JSONWebKeySet(["key-1": signer.publicKey]) }

    @Test("What libjwt signs is verified, also with keys read from the published set")
    func roundTrip() throws {
        let token = try JSONWebToken(try token(#"{"sub":"ann","exp":1800000060,"groups":["a","b"]}"#))
        try token.verify(with: keys, at: now)
        #expect(token.subject == "ann")
        #expect(token.claims["groups"]?.elements.map(\.string) == ["a", "b"])
        let published = try JSONWebKeySet(json: JSONDocument(try keys.document()).root)
        try token.verify(with: published, at: now)
    }

    @Test("Time, key and every byte of the token count")
    func refusals() throws {
        let good = try token(#"{"sub":"ann","exp":1800000060,"nbf":1800000000}"#)
        #expect(throws: TokenError.expired) { try JSONWebToken(good).verify(with: keys, at: now + .seconds(60)) }
        #expect(throws: TokenError.notYetValid) { try JSONWebToken(good).verify(with: keys, at: now - .seconds(1)) }
        #expect(throws: TokenError.unknownKey) { try JSONWebToken(good).verify(with: JSONWebKeySet(), at: now) }
        let other = JSONWebKeySet(["key-1": try RSA.PrivateKey().publicKey])
        #expect(throws: TokenError.badSignature) { try JSONWebToken(good).verify(with: other, at: now) }
        let eternal = try token(#"{"sub":"ann"}"#)
        #expect(throws: TokenError.malformed) { try JSONWebToken(eternal).verify(with: keys, at: now) }
        let parts = good.split(separator: ".")
        let forged = Base64.string(Array(#"{"sub":"eve","exp":1800000060}"#.utf8), .url)
        #expect(throws: TokenError.badSignature) {
            try JSONWebToken("\(parts[0]).\(forged).\(parts[2])").verify(with: keys, at: now)
        }
        for text in ["", "a.b", "a.b.c", "..", String(repeating: "x", count: 20_000)] {
            #expect(throws: TokenError.malformed) { _ = try JSONWebToken(text) }
        }
    }

    @Test("A token keyed with the public key as an HMAC secret is refused, though libjwt would take it")
    func algorithmConfusion() throws {
        let pem = Array(try signer.publicKey.pem.utf8)
        var forged: OpaquePointer?
        try #require(jwt_new(&forged) == 0)
        defer { jwt_free(forged) }
        jwt_add_grants_json(forged, #"{"sub":"eve","exp":1800000060}"#)
        jwt_set_alg(forged, JWT_ALG_HS256, pem, Int32(pem.count))
        jwt_add_header(forged, "kid", "key-1")
        let text = try #require(jwt_encode_str(forged))
        defer { free(text) }
        #expect(throws: TokenError.algorithm("HS256")) {
            try JSONWebToken(String(cString: text)).verify(with: keys, at: now)
        }
        let head = Base64.string(Array(#"{"alg":"none","kid":"key-1"}"#.utf8), .url)
        let body = Base64.string(Array(#"{"sub":"eve","exp":1800000060}"#.utf8), .url)
        #expect(throws: TokenError.algorithm("none")) {
            try JSONWebToken("\(head).\(body).").verify(with: keys, at: now)
        }
    }
}
