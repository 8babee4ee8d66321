import ServiceKit
import Testing

@testable import DynamoDB

@Suite("Updates")
struct UpdateTests {
    static let values = """
        {":n":{"N":"3"},":s":{"S":"x"},":l":{"L":[{"S":"new"}]},":set":{"SS":["b","c"]},":ns":{"NS":["1"]},":m":{"M":{}}}
        """

    static func apply(_ text: String, to json: String?, values: String = values) throws -> AttributeMap {
        let values = Dictionary(uniqueKeysWithValues: try item(values).entries.map { ($0.name.string, $0.value) })
        var placeholders = Placeholders(names: ["#a": "a", "#a2": "a"], values: values)
        let update = try UpdateBinder.bind(try ExpressionCache().update(text), &placeholders)
        return try update.apply(to: try item(json ?? "{}"), isNew: json == nil)
    }

    @Test(
        "change items as written",
        arguments: [
            ("SET a = :n", "{}", #"{"a":{"N":"3"}}"#),
            ("set a=:n,b=:s", "{}", #"{"a":{"N":"3"},"b":{"S":"x"}}"#),
            ("SET a = a + :n", #"{"a":{"N":"4"}}"#, #"{"a":{"N":"7"}}"#),
            ("SET a = (a - :n)", #"{"a":{"N":"4"}}"#, #"{"a":{"N":"1"}}"#),
            ("SET a = if_not_exists(a, :n) + :n", "{}", #"{"a":{"N":"6"}}"#),
            ("SET a = if_not_exists(b, if_not_exists(c, :n))", #"{"c":{"S":"c"}}"#, #"{"a":{"S":"c"},"c":{"S":"c"}}"#),
            ("SET a = list_append(a, :l)", #"{"a":{"L":[{"N":"1"}]}}"#, #"{"a":{"L":[{"N":"1"},{"S":"new"}]}}"#),
            ("SET a = list_append(if_not_exists(a, :l), :l)", "{}", #"{"a":{"L":[{"S":"new"},{"S":"new"}]}}"#),
            ("REMOVE a SET b = a", #"{"a":{"S":"v"}}"#, #"{"b":{"S":"v"}}"#),
            ("SET a = b, b = a", #"{"a":{"N":"1"},"b":{"N":"2"}}"#, #"{"a":{"N":"2"},"b":{"N":"1"}}"#),
            ("SET a.b = :n", #"{"a":{"M":{}}}"#, #"{"a":{"M":{"b":{"N":"3"}}}}"#),
            ("SET a[1] = :n", #"{"a":{"L":[{"N":"0"},{"N":"0"}]}}"#, #"{"a":{"L":[{"N":"0"},{"N":"3"}]}}"#),
            ("SET a[9] = :n, a[7] = :s", #"{"a":{"L":[]}}"#, #"{"a":{"L":[{"S":"x"},{"N":"3"}]}}"#),
            (
                "REMOVE a[1] SET a[3] = :n", #"{"a":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"9"}]}}"#,
                #"{"a":{"L":[{"N":"0"},{"N":"2"},{"N":"3"}]}}"#
            ),
            (
                "REMOVE a[0], a[2]", #"{"a":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}"#, #"{"a":{"L":[{"N":"1"}]}}"#
            ),
            ("REMOVE a[17], b.c", #"{"a":{"L":[]},"b":{"M":{}}}"#, #"{"a":{"L":[]},"b":{"M":{}}}"#),
            ("ADD a :n", "{}", #"{"a":{"N":"3"}}"#), ("ADD a :n", #"{"a":{"N":"-3"}}"#, #"{"a":{"N":"0"}}"#),
            ("ADD a :set", #"{"a":{"SS":["a","b"]}}"#, #"{"a":{"SS":["a","b","c"]}}"#),
            ("ADD a.b :ns", #"{"a":{"M":{}}}"#, #"{"a":{"M":{"b":{"NS":["1"]}}}}"#),
            ("DELETE a :set", #"{"a":{"SS":["a","b"]}}"#, #"{"a":{"SS":["a"]}}"#),
            ("DELETE a :set", #"{"a":{"SS":["b"]}}"#, "{}"), ("DELETE a :set", "{}", "{}"),
            ("SET #a.c = :n", #"{"a":{"M":{}}}"#, #"{"a":{"M":{"c":{"N":"3"}}}}"#),
            (
                "SET b = a.c[1].x", #"{"a":{"M":{"c":{"L":[{"N":"1"},{"M":{"x":{"S":"q"}}}]}}}}"#,
                #"{"a":{"M":{"c":{"L":[{"N":"1"},{"M":{"x":{"S":"q"}}}]}}},"b":{"S":"q"}}"#
            ),
        ])
    func changes(text: String, before: String, after: String) throws {
        #expect(try Self.apply(text, to: before) == item(after))
    }

    @Test("removing from an item that does not exist is no fault")
    func removeFromNothing() throws {
        #expect(try Self.apply("REMOVE x.y, z[0]", to: nil) == [:])
    }

    @Test(
        "that do not fit the item are refused",
        arguments: [
            ("SET a = b", "{}", Update.missingAttribute), ("SET a = a + :n", "{}", Update.missingAttribute),
            ("SET a = b + :n", #"{"b":{"S":"x"}}"#, Update.wrongType),
            ("SET a = list_append(b, :l)", #"{"b":{"S":"x"}}"#, Update.wrongType),
            ("ADD a :n", #"{"a":{"S":"x"}}"#, Update.wrongType),
            ("ADD a :set", #"{"a":{"NS":["1"]}}"#, Update.wrongType),
            ("DELETE a :set", #"{"a":{"N":"1"}}"#, Update.wrongType), ("SET a.b = :n", "{}", Update.invalidPath),
            ("SET a.b = :n", #"{"a":{"S":"x"}}"#, Update.invalidPath),
            ("SET a[0] = :n", #"{"a":{"M":{}}}"#, Update.invalidPath), ("REMOVE a.b", "{}", Update.invalidPath),
            ("REMOVE a[0]", #"{"a":{"M":{}}}"#, Update.invalidPath),
        ])
    func misfits(text: String, before: String, expected: ServiceError) {
        #expect(throws: expected) { try Self.apply(text, to: before) }
    }

    @Test(
        "with faults are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"),
            ("SET", #"Syntax error; token: "<EOF>", near: "SET""#),
            ("SET _123 = :n", #"Syntax error; token: "_", near: "SET _123""#),
            ("HELLO b = :n", #"Syntax error; token: "HELLO", near: "HELLO b""#),
            ("SET a = 3", #"Syntax error; token: "3", near: "= 3""#),
            ("SET :n = :n", #"Syntax error; token: ":n", near: "SET :n =""#),
            ("SET a = :n + :n + :n", #"Syntax error; token: "+", near: ":n + :n""#),
            ("SET c = if_not_exists(c, :n+:n)", #"Syntax error; token: "+", near: ":n+:n""#),
            ("SET a[:n] = :n", #"Syntax error; token: ":n", near: "[:n]""#),
            ("SET a[-1] = :n", #"Syntax error; token: "-", near: "[-1""#),
            ("ADD a 5", #"Syntax error; token: "5", near: "a 5""#),
            ("SET a = :n SET b = :n", #"The "SET" section can only be used once in an update expression;"#),
            ("SET name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
            ("SET a = f(b)", "Invalid function name; function: f"),
            ("SET a = LIST_APPEND(b, c)", "Invalid function name; function: LIST_APPEND"),
            (
                "SET a = list_append(list_append(:l, :l), :l)",
                "The function is not allowed to be used this way in an expression; function: list_append"
            ),
            (
                "SET #z = :n",
                "An expression attribute name used in the document path is not defined; attribute name: #z"
            ),
            ("SET a = :z", "An expression attribute value used in expression is not defined; attribute value: :z"),
            (
                "SET a = :n, #a.b = :n",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    + "path one: [a], path two: [a, b]"
            ),
            (
                "SET a[1] = :n REMOVE a[1][2]",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    + "path one: [a, [1]], path two: [a, [1], [2]]"
            ),
            (
                "SET a.b = :n, a[1] = :n",
                "Two document paths conflict with each other; must remove or rewrite one of these paths; "
                    + "path one: [a, b], path two: [a, [1]]"
            ),
            ("ADD a :s", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"),
            ("ADD a :l", "Incorrect operand type for operator or function; operator: ADD, operand type: LIST"),
            ("DELETE a :n", "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"),
            (
                "SET a = :s + :n",
                "Incorrect operand type for operator or function; operator or function: +, operand type: S"
            ),
            (
                "SET a = list_append(:l, :s)",
                "Incorrect operand type for operator or function; operator or function: list_append, operand type: S"
            ),
            (
                "SET a = list_append(:l)",
                "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1"
            ),
            (
                "SET a = if_not_exists(:n, :n)",
                "Operator or function requires a document path; operator or function: if_not_exists"
            ),
        ])
    func faults(text: String, message: String) {
        #expect(fault { try Self.apply(text, to: "{}") } == "Invalid UpdateExpression: \(message)")
    }

    @Test("made of mutated text are applied or refused, never a crash")
    func fuzz() throws {
        let seeds = [
            "SET a.b[1] = list_append(:l, if_not_exists(c, :l)), d = e + :n REMOVE f[0] ADD g :n DELETE h :set",
            "REMOVE a, b.c SET #a = (x - :n)",
        ].map { Array($0.utf8) }
        let alphabet = Array("()[].,:#=+- abSETREMOVEADDnls019_".utf8)
        var generator = SeededGenerator(seed: 9)
        for round in 0..<20000 {
            var text = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: text.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[position] = alphabet.randomElement(using: &generator) ?? 0
                case 1: text.remove(at: position)
                default: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            _ = try? Self.apply(
                String(decoding: text, as: UTF8.self), to: #"{"a":{"M":{"b":{"L":[{"N":"1"}]}}},"e":{"N":"1"}}"#)
        }
    }
}

@Suite("Projections")
struct ProjectionTests {
    static let sample = """
        {"a":{"M":{"b":{"S":"1"},"c":{"L":[{"N":"0"},{"N":"1"},{"M":{"x":{"S":"q"},"y":{"S":"r"}}}]}}},"d":{"N":"5"}}
        """

    @Test(
        "keep what is asked for",
        arguments: [
            ("d", #"{"d":{"N":"5"}}"#), ("a.b, d", #"{"a":{"M":{"b":{"S":"1"}}},"d":{"N":"5"}}"#),
            ("a.c[2].x", #"{"a":{"M":{"c":{"L":[{"M":{"x":{"S":"q"}}}]}}}}"#),
            ("a.c[1], a.c[0]", #"{"a":{"M":{"c":{"L":[{"N":"0"},{"N":"1"}]}}}}"#), ("absent, a.q, a.c[9], d.x", "{}"),
        ])
    func keep(text: String, expected: String) throws {
        var placeholders = Placeholders.none
        let projection = try Projection.bind(try ExpressionCache().projection(text), &placeholders)
        #expect(try projection.apply(to: item(Self.sample)) == item(expected))
    }

    @Test(
        "with faults are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"), ("a,", #"Syntax error; token: "<EOF>", near: ",""#),
            ("a b", #"Syntax error; token: "b", near: "a b""#),
            ("a.size", "Attribute name is a reserved keyword; reserved keyword: size"),
            (
                "a, a.b",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    + "path one: [a], path two: [a, b]"
            ),
            ("#q", "An expression attribute name used in the document path is not defined; attribute name: #q"),
        ])
    func faults(text: String, message: String) {
        var placeholders = Placeholders.none
        #expect(
            fault { try Projection.bind(try ExpressionCache().projection(text), &placeholders) }
                == "Invalid ProjectionExpression: \(message)")
    }
}
