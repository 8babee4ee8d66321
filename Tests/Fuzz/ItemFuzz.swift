import JSON
import ServiceKit
import Testing

@testable import DynamoDB

/// Mutated items never trap a reader; what is taken is stored and answered as it came.
@Suite("Fuzzed items")
struct ItemFuzz {
    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud83d", "{\"S\":\"\"}", "{\"N\":\"1\"}", "{\"NULL\":true}",
        "e99",
        "-", ".", "0", "\"SS\":[", "\u{0}", "\u{feff}",
    ]

    @Test("Items of any kind are taken or refused, and what is taken comes back the same")
    func items() throws {
        var mutator = Mutator(try Corpus.load("items"), tokens: Self.tokens, seed: 4)
        var accepted = 0
        for _ in 0..<Corpus.inputs {
            let input = mutator.next()
            guard let json = try? JSONDocument(input) else { continue }
            let direct = try? JSONItemEncoder.encode(json.root)
            guard let item = try? AttributeValueReader.map(json.root) else {
                #expect(direct == nil, "\(input)")
                continue
            }
            accepted += 1
            let stored = StoredItem(item)
            #expect(direct == stored.bytes, "\(input)")
            #expect(try stored.attributes() == item && stored.size() == item.size, "\(input)")
            var written = JSONWriter()
            try stored.write(to: &written)
            #expect(try AttributeValueReader.map(JSONDocument(written.bytes).root) == item, "\(input)")
        }
        #expect(accepted > Corpus.inputs / 20)
    }

    @Test("Damaged bytes of the storage are found damaged or read, never trapped on")
    func storedBytes() throws {
        let items = try Corpus.load("items").map { try AttributeValueReader.map(JSONDocument($0).root) }
        var mutator = Mutator(items.map(ItemEncoder.encode), tokens: [], seed: 5)
        var damaged = 0
        for _ in 0..<Corpus.inputs {
            let stored = StoredItem(bytes: mutator.next())
            var written = JSONWriter()
            do {
                _ = try stored.attributes()
                try stored.write(to: &written)
            } catch { damaged += 1 }
        }
        #expect(damaged > Corpus.inputs / 20 && damaged < Corpus.inputs)
    }
}
