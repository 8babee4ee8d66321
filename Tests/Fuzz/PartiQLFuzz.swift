import Testing

@testable import DynamoDB

/// Mutated statements never trap the parser, and what it takes can be planned or is refused in words.
@Suite("Fuzzed PartiQL")
struct PartiQLFuzz {
    private static let parameters: [AttributeValue] = [.string("x")]
    private static let schema = KeySchema(
        partition: KeyAttribute(name: "p", kind: .string), sort: KeyAttribute(name: "c", kind: .number))
    private static let item: AttributeMap = ["p": .string("a"), "c": .number(DynamoDBNumber(1)), "l": .list([.null])]

    @Test("Statements of any kind are taken or refused")
    func statements() throws {
        var mutator = Mutator(try Corpus.load("partiql"), seed: 5)
        var accepted = 0
        for _ in 0..<Corpus.inputs {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            let parameters = Array(Self.parameters.prefix(text.utf8.count { $0 == UInt8(ascii: "?") }))
            guard let statement = try? PartiQLParser.parse(text, parameters) else { continue }
            accepted += 1
            let key = PartiQLKey(statement.condition, Self.schema)
            if let item = key.item(Self.schema) { #expect(item.count == 2) }
            // An item that passes the whole clause lies in a partition the clause was found to name.
            if statement.condition?.isTrue(for: Self.item) ?? false, let partitions = key.partitions {
                #expect(partitions.contains(.string("a")), "\(text)")
            }
        }
        #expect(accepted > Corpus.inputs / 20)
    }
}
