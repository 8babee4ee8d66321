import Testing

@testable import TemplateLanguage

/// YAML is read as CloudFormation reads it, and hostile YAML is refused for what it costs.
@Suite("YAML")
struct YAMLTests {
    private func read(_ text: String) throws -> TemplateValue { try YAMLReader.read(Array(text.utf8)) }

    private func fault(_ text: String) -> String? {
        do throws(TemplateError) {
            _ = try YAMLReader.read(Array(text.utf8))
            return nil
        } catch {
            return error.message
        }
    }

    @Test(
        "Plain scalars",
        arguments: [
            ("2010-09-09", TemplateValue.string("2010-09-09")), ("2012-10-17", .string("2012-10-17")),
            ("012345678901", .string("012345678901")), ("0017", .string("0017")),
            ("123456789012", .number("123456789012")),
            ("1.50", .number("1.50")), ("-3", .number("-3")), ("1e3", .number("1e3")), ("0", .number("0")),
            ("0x1F", .string("0x1F")), ("12:30:00", .string("12:30:00")), ("1_000", .string("1_000")),
            ("+1", .string("+1")), (".5", .string(".5")), ("1.", .string("1.")), ("-", .list([.null])),
            ("true", .bool(true)), ("False", .bool(false)), ("yes", .bool(true)), ("Off", .bool(false)),
            ("y", .string("y")), ("tRue", .string("tRue")), ("~", .null), ("null", .null), ("", .null),
            ("'true'", .string("true")), ("\"123\"", .string("123")), ("!!str 5", .string("5")),
            ("!!int 5", .number("5")), ("|\n  a\n  b", .string("a\nb")), (">-\n  a\n  b", .string("a b")),
        ])
    func scalars(text: String, value: TemplateValue) throws {
        #expect(try read(text) == value)
    }

    @Test("Short forms, nested and of every kind of node")
    func shortForms() throws {
        #expect(try read("!Ref A") == .map(["Ref": .string("A")]))
        #expect(try read("!Condition A") == .map(["Condition": .string("A")]))
        #expect(try read("!Ref 12") == .map(["Ref": .string("12")]))
        #expect(try read("!GetAtt A.B.C") == .map(["Fn::GetAtt": .list([.string("A"), .string("B.C")])]))
        #expect(try read("!GetAZs ''") == .map(["Fn::GetAZs": .string("")]))
        #expect(
            try read("!Join ['', [!Ref A, !Sub \"${B}\"]]")
                == .map([
                    "Fn::Join": .list([
                        .string(""), .list([.map(["Ref": .string("A")]), .map(["Fn::Sub": .string("${B}")])]),
                    ])
                ]))
        #expect(
            try read("!Transform {Name: AWS::Include, Parameters: {Location: x}}")
                == .map([
                    "Fn::Transform": .map([
                        "Name": .string("AWS::Include"), "Parameters": .map(["Location": .string("x")]),
                    ])
                ]))
        for name in ["If", "And", "Or", "Not", "Equals", "FindInMap", "Select", "Split", "Cidr", "ToJsonString"] {
            #expect(try read("!\(name) [a]") == .map(["Fn::\(name)": .list([.string("a")])]))
        }
    }

    @Test("Anchors, aliases and merge keys")
    func anchors() throws {
        #expect(try read("a: &x [1]\nb: *x") == .map(["a": .list([.number("1")]), "b": .list([.number("1")])]))
        let merged = try read("d: &d {x: 1, y: 2}\ne: {<<: *d, y: 3}\nf: {y: 4, <<: [*d, {z: 5}]}")
        #expect(merged.map?["e"] == .map(["x": .number("1"), "y": .number("3")]))
        #expect(merged.map?["f"] == .map(["x": .number("1"), "y": .number("4"), "z": .number("5")]))
        #expect(fault("a: *nowhere") != nil)
        #expect(fault("a: &a [*a]") != nil)
        #expect(fault("a: {<<: 5}") != nil)
    }

    @Test("The last of several members of one name counts")
    func duplicates() throws {
        #expect(try read("a: 1\nb: 2\na: 3") == .map(["a": .number("3"), "b": .number("2")]))
    }

    @Test("Faults say where they are")
    func places() {
        #expect(fault("a: [\nb: }") == "Template format error: YAML not well-formed. (line 2, column 4)")
        #expect(fault("a: 1\n---\nb: 2") == "Template format error: YAML not well-formed. (line 2, column 1)")
        #expect(fault("a: !!binary aGk=") != nil)
        #expect(fault("a: \u{0}") != nil)
        #expect(
            Sample.fault("{\"a\": 1,\n \"b\" 2}") == "Template format error: JSON not well-formed. (line 2, column 6)")
        #expect(
            fault("x: {y: {!Sub 'a': 1}}")
                == "Template format error: [/x/y] map keys must be strings; received a map instead")
        #expect(
            fault("x: [{[1]: 2}]") == "Template format error: [/x/0] map keys must be strings; received a list instead")
    }

    @Test("Aliases cannot be multiplied without end")
    func laughs() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            bomb += "a\(level): &a\(level) [\((0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
        }
        #expect(fault(bomb) != nil)
        let long = "a: &a \(String(repeating: "x", count: 100_000))\nb: [" + String(repeating: "*a, ", count: 100) + "]"
        #expect(fault(long) != nil)
    }

    @Test("Depth has a bound, also where aliases bring it")
    func depth() {
        let open = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(fault(open(90)) == nil)
        #expect(fault(open(101)) != nil)
        #expect(fault(String(repeating: "[", count: 500_000)) != nil)
        #expect(fault(String(repeating: "- ", count: 400_000)) != nil)
        var tower = "a0: &a0 \(open(40))\n"
        for level in 1..<20 {
            tower +=
                "a\(level): &a\(level) \(String(repeating: "[", count: 40))*a\(level - 1)\(String(repeating: "]", count: 40))\n"
        }
        #expect(fault(tower) != nil)
    }
}
