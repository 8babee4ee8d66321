import Testing

@testable import DynamoDB

@Suite("Conditions")
struct ConditionTests {
    static let sample = """
        {"n":{"N":"5"},"s":{"S":"hello"},"b":{"B":"AAEC"},"yes":{"BOOL":true},"z":{"NULL":true},\
        "l":{"L":[{"N":"1"},{"S":"two"},{"L":[{"S":"deep"}]}]},"m":{"M":{"x":{"N":"7"},"y":{"M":{"k":{"S":"v"}}}}},\
        "ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"n2":{"N":"9"}}
        """

    static func bind(
        _ text: String, names: [String: Text]? = nil, values: String = "{}", kind: ExpressionKind = .condition
    ) throws -> Condition {
        let values = Dictionary(uniqueKeysWithValues: try item(values).entries.map { ($0.name.string, $0.value) })
        var placeholders = Placeholders(names: names, values: values)
        let syntax = try ExpressionCache().condition(text, kind)
        return try ConditionBinder.bind(syntax, kind: kind, &placeholders)
    }

    static let values = """
        {":five":{"N":"5"},":six":{"N":"6"},":four":{"N":"4"},":h":{"S":"hello"},":he":{"S":"he"},":a":{"S":"a"},\
        ":two":{"S":"two"},":num":{"S":"N"},":str":{"S":"S"},":one":{"N":"1.0"},":seven":{"N":"7"},":list":{"L":[{"S":"deep"}]},\
        ":ba":{"B":"AAE="},":set":{"SS":["b","a"]}}
        """

    @Test(
        "hold for an item",
        arguments: [
            "n = :five", "n <> :six", "n < :six", "n <= :five", "n > :four", "n >= :five", ":five = n", "n < n2",
            "n BETWEEN :four AND :six", "n between :five and :five", "n IN (:four, :five)", "n in(:five)",
            "attribute_exists(m.y.k)", "attribute_exists ( l[2][0] )", "attribute_not_exists(m.q)",
            "attribute_not_exists(l[9])", "attribute_type(n, :num)", "attribute_type(s, :str)", "begins_with(s, :he)",
            "begins_with(b, :ba)", "contains(s, :he)", "contains(ss, :a)", "contains(l, :two)", "contains(ns, :one)",
            "contains(l, :list)", "size(s) = :five", "size(l) < :four", "size(m) < :five", "ss = :set",
            "absent <> :five", "s <> :five", "absent <> gone", "NOT n = :six", "not not n = :five",
            "NOT NOT NOT n = :six",
            "n = :six OR s = :h", "n = :five AND s = :h", "n = :six AND s = :six OR s = :h",
            "s = :h OR n = :six AND s = :six", "NOT n = :six AND s = :h", "(n = :six OR s = :h) AND n = :five",
            "(n) = (:five)", "((n = :five) AND (s = :h))", "m.x = :seven", "l[0] = :one", "l [ 0 ] = :one",
            "m . x = :seven",
            "n BETWEEN :four AND :six AND s = :h",
        ])
    func hold(text: String) throws {
        #expect(try Self.bind(text, values: Self.values).isTrue(for: item(Self.sample)))
    }

    @Test(
        "do not hold for an item",
        arguments: [
            "n = :six", "n = :h", "absent = :five", "absent = gone", "absent < :five", "absent > gone", "s < :five",
            "n BETWEEN :six AND :seven", "n IN (:six)", "absent IN (:five)", "attribute_exists(absent)",
            "attribute_exists(n.x)", "attribute_not_exists(n)", "attribute_type(n, :str)",
            "attribute_type(absent, :str)",
            "begins_with(n, :he)", "begins_with(absent, :he)", "contains(ss, :h)", "contains(n, :five)",
            "size(n) = :five", "size(absent) = :five", "NOT n = :five", "n = :five AND n = :six",
            "n = :six OR n = :four",
        ])
    func doNotHold(text: String) throws {
        #expect(try !Self.bind(text, values: Self.values).isTrue(for: item(Self.sample)))
    }

    @Test("reach attributes through names, dots in a name included")
    func names() throws {
        let condition = try Self.bind("#a.#b = :v", names: ["#a": "x.y", "#b": "size"], values: #"{":v":{"S":"1"}}"#)
        #expect(condition.isTrue(for: ["x.y": .map(["size": .string("1")])]))
    }

    @Test(
        "with faults are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"),
            ("  ", #"Syntax error; token: "<EOF>", near: """#),
            ("a", #"Syntax error; token: "<EOF>", near: "a""#),
            ("a b", #"Syntax error; token: "b", near: "a b""#),
            ("a = ", #"Syntax error; token: "<EOF>", near: "=""#),
            ("a != :v", ##"Syntax error; token: "!", near: "a !=""##),
            ("a = 5", #"Syntax error; token: "5", near: "= 5""#),
            ("a = b = c", #"Syntax error; token: "=", near: "b = c""#),
            ("a = :", #"Syntax error; token: ":", near: "= :""#),
            ("_a = b", #"Syntax error; token: "_", near: "_a""#),
            ("a[b] = c", #"Syntax error; token: "b", near: "[b]""#),
            ("(a = b", #"Syntax error; token: "<EOF>", near: "b""#),
            ("a = b)", #"Syntax error; token: ")", near: "b)""#),
            ("a AND b = c", #"Syntax error; token: "AND", near: "a AND b""#),
            ("a IN ()", #"Syntax error; token: ")", near: "()""#),
            ("a BETWEEN b", #"Syntax error; token: "<EOF>", near: "b""#),
            ("a = \"x\"", #"Syntax error; token: """, near: "= "x""#),
            ("a = é", #"Syntax error; token: "é", near: "= é""#),
            ("((a = b))", "The expression has redundant parentheses;"),
            ("((a)) = b", "The expression has redundant parentheses;"),
            ("a = ((b))", "The expression has redundant parentheses;"),
            ("dog(a)", "Invalid function name; function: dog"),
            ("a = size(cat(b))", "Invalid function name; function: cat"),
            (
                "if_not_exists(a, b)",
                "The function is not allowed to be used this way in an expression; function: if_not_exists"
            ),
            ("SIZE(a) = b", "Invalid function name; function: SIZE"),
            ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
            ("NOT size(a)", "The function is not allowed to be used this way in an expression; function: size"),
            (
                "attribute_exists(a) < b",
                "The function is not allowed to be used this way in an expression; function: attribute_exists"
            ),
            (
                "contains(a, begins_with(b, c))",
                "The function is not allowed to be used this way in an expression; function: begins_with"
            ),
            ("status = b", "Attribute name is a reserved keyword; reserved keyword: status"),
            ("a.Name = b", "Attribute name is a reserved keyword; reserved keyword: Name"),
            (
                "#x = b",
                "An expression attribute name used in the document path is not defined; attribute name: #x"
            ),
            ("a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"),
            (
                "size(a, b) = c",
                "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"
            ),
            (
                "begins_with(a)",
                "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1"
            ),
            (
                "contains(a.b[1], a.b[1])",
                "The first operand must be distinct from the remaining operands for this operator or function; "
                    + "operator: contains, first operand: [a, b, [1]]"
            ),
            (
                "a = a",
                "The first operand must be distinct from the remaining operands for this operator or function; "
                    + "operator: =, first operand: [a]"
            ),
            (
                "attribute_exists(:five)",
                "Operator or function requires a document path; operator or function: attribute_exists"
            ),
            (
                "begins_with(a, :five)",
                "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"
            ),
            (
                "a < :list",
                "Incorrect operand type for operator or function; operator or function: <, operand type: L"
            ),
            (
                "size(:five) = a",
                "Incorrect operand type for operator or function; operator or function: size, operand type: N"
            ),
            (
                "size(size(a)) = b",
                "Incorrect operand type for operator or function; operator or function: size, operand type: N"
            ),
            (
                "attribute_type(a, b)",
                "Incorrect operand type for operator or function; operator or function: attribute_type, "
                    + "operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
            ),
            (
                "attribute_type(a, :h)",
                "Invalid attribute type name found; type: hello, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
            ),
            (
                "a BETWEEN :six AND :four",
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                    + "lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:4}"
            ),
            (
                "a BETWEEN :six AND :h",
                "The BETWEEN operator requires same data type for lower and upper bounds; "
                    + "lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {S:hello}"
            ),
        ])
    func faults(text: String, message: String) {
        #expect(fault { try Self.bind(text, values: Self.values) } == "Invalid ConditionExpression: \(message)")
    }

    @Test("name the parameter they stand in")
    func parameterNames() {
        #expect(fault { try Self.bind("a", kind: .filter) }.hasPrefix("Invalid FilterExpression: "))
        #expect(fault { try Self.bind("a", kind: .keyCondition) }.hasPrefix("Invalid KeyConditionExpression: "))
    }

    @Test("may be 4096 bytes long and hold 300 operators")
    func limits() throws {
        let padding = String(repeating: " ", count: 4092)
        _ = try Self.bind("a\(padding)= b")
        #expect(
            fault { try Self.bind("a\(padding) = b") }
                == "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097"
        )
        func nested(_ depth: Int) -> String {
            "a<b " + String(repeating: "or (a<b ", count: depth) + String(repeating: ")", count: depth)
        }
        _ = try Self.bind(nested(149))
        #expect(
            fault { try Self.bind(nested(454)) }
                == "Invalid ConditionExpression: The expression contains too many operators; operator count: 301")
        for hostile in [
            String(repeating: "(", count: 4096), String(repeating: "not ", count: 1000) + "a<b",
            "a < " + String(repeating: "f(", count: 1355) + "b" + String(repeating: ")", count: 1355),
            String(repeating: "(", count: 2046) + "a<b" + String(repeating: ")", count: 2046),
        ] {
            #expect(fault { try Self.bind(hostile) }.hasPrefix("Invalid ConditionExpression: "))
        }
    }

    @Test("with IN take 100 operands")
    func membershipLimit() throws {
        func list(_ count: Int) -> String { (0..<count).map { "b\($0)" }.joined(separator: ",") }
        _ = try Self.bind("a IN (\(list(99)))")
        #expect(fault { try Self.bind("a IN (\(list(100)))") }.hasSuffix("IN, number of operands: 101"))
    }

    @Test("must use every name and value they are given")
    func unused() throws {
        var placeholders = Placeholders(names: ["#b": "b", "#a": "a"], values: [":v": .null, ":u": .null])
        let syntax = try ExpressionCache().condition("#a = :v", .condition)
        _ = try ConditionBinder.bind(syntax, kind: .condition, &placeholders)
        #expect(
            fault { try placeholders.requireAllUsed() }
                == "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}")
        #expect(
            fault { try Placeholders.check(names: ["a": "b"], valueKeys: nil) }
                == "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"")
        #expect(
            fault { try Placeholders.check(names: nil, valueKeys: [":a-b"]) }
                == "ExpressionAttributeValues contains invalid key: Syntax error; key: \":a-b\"")
        #expect(
            fault { try Placeholders.check(names: nil, valueKeys: []) } == "ExpressionAttributeValues must not be empty"
        )
    }

    @Test("are parsed once and kept, the least used ones dropped")
    func cache() throws {
        let cache = ExpressionCache(capacity: 10)
        for index in 0..<100 {
            _ = try cache.condition("a\(index) = :v", .condition)
            _ = try cache.condition("kept = :v", .condition)
        }
        #expect(cache.count <= 10)
        #expect(try cache.condition("a = :v", .condition) == cache.condition("a = :v", .condition))
    }

    @Test("made of mutated text are parsed or refused, never a crash")
    func fuzz() throws {
        let seeds = [
            "n = :five AND (begins_with(s, :he) OR NOT #a.b[3] BETWEEN :x AND :y)",
            "a IN (:a, b.c, size(d)) and e <> f",
        ].map { Array($0.utf8) }
        let alphabet = Array("()[].,:#=<>+- abANDORNOTINBETWEEN019_\"é!".utf8)
        var generator = SeededGenerator(seed: 5)
        for round in 0..<20000 {
            var text = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let position = Int.random(in: text.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[position] = alphabet.randomElement(using: &generator) ?? 0
                case 1: text.remove(at: position)
                default: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            let string = String(decoding: text, as: UTF8.self)
            if let condition = try? Self.bind(string, names: ["#a": "m"], values: Self.values) {
                _ = try condition.isTrue(for: item(Self.sample))
            }
        }
    }

    @Test("become key conditions, or are refused as such")
    func keyConditions() throws {
        func key(_ text: String) throws -> KeyCondition {
            try KeyCondition(Self.bind(text, values: Self.values, kind: .keyCondition))
        }
        let condition = try key(":five < c AND p = :h")
        #expect(condition.tests["c"] == .comparison(.greater, .number(DynamoDBNumber(5))))
        #expect(condition.tests["p"] == .comparison(.equal, .string("hello")))
        #expect(try key("(p = :h) AND begins_with(c, :he)").tests["c"] == .beginsWith(.string("he")))
        for (text, message) in [
            ("p = :h OR c = :h", "Invalid operator used in KeyConditionExpression: OR"),
            ("NOT p = :h", "Invalid operator used in KeyConditionExpression: NOT"),
            ("p IN (:h)", "Invalid operator used in KeyConditionExpression: IN"),
            ("p <> :h", "Invalid operator used in KeyConditionExpression: <>"),
            ("attribute_exists(p)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
            ("p = :h AND p = :h", "KeyConditionExpressions must only contain one condition per key"),
            ("p = c", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
            (":h = :h", "Invalid condition in KeyConditionExpression: No key attribute specified"),
            ("a.b = :h", "KeyConditionExpressions cannot have conditions on nested attributes"),
            ("size(a) = :five", "KeyConditionExpressions cannot contain nested operations"),
            (
                "begins_with(:h, p)",
                "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand"
            ),
        ] { #expect(fault { try key(text) } == message) }
    }
}
