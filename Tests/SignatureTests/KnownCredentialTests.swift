import HTTPTypes
import Testing
import Time

@testable import AWSSignature

/// The text before a signature is taken apart once; nothing else of a request may depend on that.
@Suite("Known credentials") struct KnownCredentialTests {
    typealias Example = SignedExample
    let body = Array("{}".utf8)

    private func signed(at date: Timestamp = Example.now) -> RequestHead {
        Example.signer("dynamodb").sign(Example.head(), body: body, at: date)
    }

    private func altered(_ change: (inout String) -> Void) -> RequestHead {
        var head = signed()
        var text = head.fields["Authorization"] ?? ""
        change(&text)
        head.fields["Authorization"] = text
        return head
    }

    @Test("The same text with another signature is another request")
    func otherSignature() throws {
        for _ in 0..<2 { try Example.verify(signed(), body: body) }
        let forged = altered { $0 = $0.dropLast(64) + String(repeating: "0", count: 64) }
        #expect(Example.answer(in: .json, forged, body: body)?.code == "InvalidSignatureException")
        #expect(Example.answer(in: .json, signed(), body: body, secret: "rotated")?.code == "InvalidSignatureException")
        try Example.verify(signed(), body: body)
    }

    @Test("A request of another day, or without one, is refused as if its text were new")
    func otherDay() throws {
        try Example.verify(signed(), body: body)
        var head = signed()
        head.fields["X-Amz-Date"] = "20261122T080000Z"
        let other = try #require(Example.answer(in: .json, head, body: body))
        #expect(other.message.contains("Date in Credential scope does not match"))
        head.fields["X-Amz-Date"] = nil
        let fresh = altered { $0 = $0.replacing("AKIAIOSFODNN7EXAMPLE", with: "AKIANEVERSEENBEFORE0") }
        var dateless = fresh
        dateless.fields["X-Amz-Date"] = nil
        let known = try #require(Example.answer(in: .json, head, body: body))
        let unknown = try #require(Example.answer(in: .json, dateless, body: body))
        #expect(known.code == unknown.code)
    }

    @Test("A parameter whose name only ends with Signature is not taken for it")
    func otherName() throws {
        try Example.verify(signed(), body: body)
        let head = altered { $0 = $0.replacing("Signature=", with: "NotSignature=") }
        #expect(Example.answer(in: .json, head, body: body)?.code == "IncompleteSignatureException")
    }
}
