import ServiceKit
import Testing

@testable import DynamoDB

/// Mutated expressions never trap a parser, and what it takes can be carried out on an item or is refused in words.
@Suite("Fuzzed expressions")
struct ExpressionFuzz {
    private static let number = AttributeValue.number(DynamoDBNumber(3))
    private static let item: AttributeMap = [
        "p": .string("a"), "c": .string("bc"), "n": number, "s": .string("abc"),
        "l": .list([number, .null, .list([])]),
        "m": .map(["k": .list([.string("x")])]), "x": .map(["b": .list([.map(["e": .string("y")])])]),
        "ss": .stringSet(["t", "u"]),
    ]

    private static func compiler() throws -> ExpressionCompiler {
        var attributes = ExpressionAttributes()
        attributes.names = ["#x": "x"]
        attributes.values = [
            ":a": .string("a"), ":b": .string("b"), ":s": .string("S"), ":n": number, ":l": .list([number]),
            ":t": .stringSet(["t", "v"]),
        ]
        return try ExpressionCompiler(attributes, ExpressionCache(capacity: 2))
    }

    /// What a compiler makes of mutated inputs, each with a compiler of its own; some must be taken.
    private static func fuzz<Compiled>(
        _ folder: String, seed: UInt64, _ compile: (inout ExpressionCompiler, String) throws -> Compiled?,
        use: (Compiled, String) throws -> Void
    ) throws {
        var mutator = Mutator(try Corpus.load("expressions/" + folder), tokens: tokens, seed: seed)
        var accepted = 0
        for _ in 0..<Corpus.inputs {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            var compiler = try compiler()
            do {
                guard let compiled = try compile(&compiler, text) else { continue }
                accepted += 1
                try use(compiled, text)
            } catch let error as ServiceError {
                #expect(error.status == 400 && !error.message.isEmpty, "\(text)")
            }
        }
        #expect(accepted > Corpus.inputs / 20)
    }

    private static let tokens = [
        "(", ")", ",", ".", "[0]", "[", "]", " AND ", " or ", " NOT ", " = ", "<>", ":a", ":n", "#x", " BETWEEN ",
        " IN (",
        "size(", "SET ", "REMOVE ", "ADD ", "DELETE ", "if_not_exists(", "list_append(", " + ", "\u{0}", "é",
        "4294967296",
    ]

    @Test("Conditions of any kind are evaluated or refused")
    func conditions() throws {
        try Self.fuzz("condition", seed: 1) {
            try $0.condition($1)
        } use: { condition, text in
            // A condition and its negation never agree.
            #expect(condition.isTrue(for: Self.item) != Condition.not(condition).isTrue(for: Self.item), "\(text)")
            _ = try KeyCondition(condition)
        }
    }

    @Test("Updates of any kind are carried out or refused, and what they leave can be stored")
    func updates() throws {
        try Self.fuzz("update", seed: 2) {
            try $0.update($1)
        } use: { update, text in
            let item = try update.apply(to: Self.item, isNew: false)
            #expect(try StoredItem(item).attributes() == item, "\(text)")
        }
    }

    @Test("Projections of any kind take a part of the item or are refused")
    func projections() throws {
        try Self.fuzz("projection", seed: 3) {
            try $0.projection($1)
        } use: { projection, text in
            let part = projection.apply(to: Self.item)
            #expect(part.size <= Self.item.size, "\(text)")
            #expect(projection.apply(to: part).count <= part.count, "\(text)")
        }
    }
}
