import ServiceKit
import Testing

@testable import KMS

/// What comes as a ciphertext is read or refused, and opens only where it is the very one that was sealed.
@Suite("Fuzzed ciphertexts")
struct CiphertextFuzz {
    private static let material = [UInt8](repeating: 7, count: 32)
    private static let context = EncryptionContext(["a": "1"])
    private static let key = Key(
        id: "11111111-2222-3333-4444-555555555555", account: "000000000000", region: "us-east-1",
        created: Timestamp(seconds: 0), spec: .symmetric, usage: .encryptDecrypt, keeper: .customer, description: "",
        state: .enabled, policy: "", tags: [])

    @Test("Altered ciphertexts never open")
    func ciphertexts() throws {
        let genuine = try (0..<4).map { size in
            try Ciphertext(
                sealing: [UInt8](repeating: 1, count: size * 40), under: Self.key, version: size + 1,
                material: Self.material, context: Self.context
            ).bytes
        }
        var mutator = Mutator(genuine, seed: 11)
        var read = 0
        for _ in 0..<Corpus.inputs {
            let bytes = mutator.next()
            guard let ciphertext = try? Ciphertext(bytes) else { continue }
            read += 1
            #expect(ciphertext.bytes == bytes)
            let opened = try? ciphertext.open(material: Self.material, context: Self.context)
            #expect(opened == nil || genuine.contains(bytes))
        }
        #expect(read > Corpus.inputs / 20)
    }
}
