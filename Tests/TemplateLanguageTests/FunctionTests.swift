import Testing

@testable import TemplateLanguage

/// Functions give what AWS documents, whatever is in them.
@Suite("Functions")
struct FunctionTests {
    @Test(
        "Functions of texts",
        arguments: [
            ("!Ref Name", "orders"),
            ("!Ref Count", "3"),
            ("!Ref Table", "shop-Table"),
            ("!Ref AWS::AccountId", "012345678901"),
            ("!Ref AWS::Partition", "aws"),
            ("!Ref AWS::Region", "eu-west-1"),
            ("!Ref AWS::StackName", "shop"),
            ("!Ref AWS::StackId", "arn:aws:cloudformation:eu-west-1:012345678901:stack/shop/1"),
            ("!Ref AWS::URLSuffix", "amazonaws.com"),
            ("!Select [0, !Ref AWS::NotificationARNs]", "arn:aws:sns:eu-west-1:012345678901:news"),
            ("!GetAtt Table.Arn", "arn:Table"),
            ("!GetAtt [Table, Arn]", "arn:Table"),
            ("{'Fn::GetAtt': Table.Arn}", "arn:Table"),
            ("!Sub 'a-${Name}-${AWS::Region}-${Table}-${Table.Arn}'", "a-orders-eu-west-1-shop-Table-arn:Table"),
            ("!Sub '${!Literal} $ ${ Name } {x}'", "${Literal} $ orders {x}"),
            ("!Sub ['${a}/${Name}', {a: !Ref Count}]", "3/orders"),
            ("!Sub 'open ${'", "open ${"),
            ("!Join ['-', [a, !Ref Count, true, !Ref 'AWS::NoValue', b]]", "a-3-true-b"),
            ("!Join ['', !Ref Zones]", "xyz"),
            ("!Join [',', []]", ""),
            ("!Select [1, [a, b]]", "b"),
            ("!Select ['2', !Ref Zones]", "z"),
            ("!Select [0, !Split ['|', 'a|b']]", "a"),
            ("!Select [1, !GetAtt Table.Names.List]", "b"),
            ("!FindInMap [Sizes, !Ref 'AWS::Region', Small]", "t.small"),
            ("!FindInMap [!FindInMap [Sizes, eu-west-1, Nested], eu-west-1, Small]", "t.small"),
            ("!FindInMap [Sizes, mars, Small, {DefaultValue: none}]", "none"),
            ("!FindInMap [Nowhere, mars, Small, {DefaultValue: !Ref Name}]", "orders"),
            ("!If [Holds, a, b]", "a"),
            ("!If [Fails, a, !Ref Name]", "orders"),
            ("{'Fn::Base64': !Sub '${Name}'}", "b3JkZXJz"),
            ("!Base64 ''", ""),
            ("!Select [2, !GetAZs '']", "eu-west-1c"),
            ("!Select [0, !GetAZs us-east-1]", "us-east-1a"),
            ("!Select [0, {'Fn::GetAZs': !Ref AWS::Region}]", "eu-west-1a"),
            ("!ImportValue network", "10.0.0.0/16"),
            ("!Select [3, !Cidr [!ImportValue network, 8, 8]]", "10.0.3.0/24"),
            ("{'Fn::GetStackOutput': {StackName: network, OutputName: Id}}", "out-Id"),
        ])
    func texts(yaml: String, expected: String) throws {
        #expect(try Sample.value(yaml) == .string(expected))
    }

    @Test("Functions of lists")
    func lists() throws {
        #expect(try Sample.value("!Ref Zones") == .list(["x", "y", "z"].map { .string($0) }))
        #expect(try Sample.value("!Split [',', 'a,,b']") == .list(["a", "", "b"].map { .string($0) }))
        #expect(try Sample.value("!FindInMap [Sizes, eu-west-1, List]") == .list([.string("p"), .string("q")]))
        #expect(try Sample.value("[a, !Ref AWS::NoValue, !If [Fails, b, !Ref AWS::NoValue]]") == .list([.string("a")]))
    }

    @Test("AWS::NoValue drops members")
    func noValue() throws {
        #expect(try Sample.value("!Ref AWS::NoValue") == nil)
        #expect(try Sample.value("{a: !If [Fails, x, !Ref AWS::NoValue], b: 1}") == .map(["b": .number("1")]))
    }

    @Test("Objects with more than a function's name are what they are")
    func plainObjects() throws {
        #expect(try Sample.value("{Ref: Name, Other: 1}") == .map(["Ref": .string("Name"), "Other": .number("1")]))
        #expect(try Sample.value("{Condition: {Bool: true}}") == .map(["Condition": .map(["Bool": .bool(true)])]))
    }

    @Test(
        "Functions that are not as they have to be",
        arguments: [
            ("!Ref [a]", "Template error: every Ref object must have a single String value."),
            (
                "!GetAtt Table",
                "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
                    + "resource attribute"
            ),
            (
                "!GetAtt Table.Nothing",
                "Template error: resource Table does not support attribute type Nothing in Fn::GetAtt"
            ),
            ("!GetAtt Nowhere.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nowhere"),
            (
                "!Sub '${Nowhere.Arn}'",
                "Template error: instance of Fn::Sub references invalid resource attribute Nowhere.Arn"
            ),
            (
                "!Sub '${a-b}'",
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                    + "underscores, periods, and colons"
            ),
            (
                "!Sub [[], {}]",
                "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
                    + "string as first argument, and an optional second argument to specify a mapping of values to "
                    + "replace in the string"
            ),
            (
                "!Sub '${Zones}'",
                "Template error: variable Zones in Fn::Sub expression does not resolve to a string"
            ),
            (
                "!Join [a]",
                "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
                    + "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be "
                    + "joined."
            ),
            (
                "!Split [a]",
                "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string "
                    + "to be split or a function that returns a string to be split."
            ),
            (
                "!Select [1, abc]",
                "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
            ),
            (
                "!Select [x, [a]]",
                "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
            ),
            (
                "!Select [3, [a]]",
                "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
            ),
            (
                "!Select [!Ref Name, [a]]",
                "Template error: Fn::Select requires a list argument with a valid index value as its first element"
            ),
            ("!Select [3, !Ref Zones]", "Template error: Fn::Select cannot select nonexistent value at index 3"),
            ("!Select [-1, !Ref Zones]", "Template error: Fn::Select cannot select nonexistent value at index -1"),
            (
                "!FindInMap [Sizes, a]",
                "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the "
                    + "attribute for return value"
            ),
            ("!FindInMap [Sizes, mars, Small]", "Template error: Unable to get mapping for Sizes::mars::Small"),
            (
                "!FindInMap [Nowhere, a, b]",
                "Template error: Mapping named 'Nowhere' is not present in the 'Mappings' section of template."
            ),
            ("!If [Nowhere, a, b]", "Template error: unresolved condition dependency Nowhere in Fn::If"),
            ("!If [Holds, a]", "Template error: Fn::If requires a list argument with three elements"),
            (
                "!If [{}, a, b]",
                "Template error: Fn::If requires a list argument with the first element being a condition"
            ),
            ("!Base64 [a]", "Template error: every Fn::Base64 object must have a String-typed value."),
            ("!ImportValue nowhere", "No export named nowhere found."),
            ("!Cidr [10.0.0.0/24, 2, 23]", "Template error: invalid CIDR block size 23"),
            (
                "!Ref Nowhere",
                "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block of the template"
            ),
            (
                "!Ref Absent",
                "Template format error: Unresolved resource dependencies [Absent] in the Resources block of the template"
            ),
        ])
    func faults(yaml: String, message: String) {
        #expect(Sample.valueFault(yaml) == message)
    }

    @Test("An unknown function is named, with those that are known")
    func unknownFunction() {
        let message = Sample.valueFault("!Frobnicate x")
        #expect(message?.hasPrefix("Template format error: Encountered unsupported function: Fn::Frobnicate") ?? false)
        #expect(Sample.valueFault("!Length [a]") != nil)
    }

    @Test("Functions of AWS::LanguageExtensions, where that is listed")
    func extensions() throws {
        #expect(try Sample.value("{'Fn::Length': !Ref Zones}", extensions: true) == .number("3"))
        #expect(try Sample.value("{'Fn::Length': [a, b]}", extensions: true) == .number("2"))
        #expect(
            try Sample.value(
                "{'Fn::ToJsonString': {a: !Ref Name, b: [1, true], c: !Ref AWS::NoValue}}", extensions: true)
                == .string(#"{"a":"orders","b":[1,true]}"#))
        #expect(
            Sample.valueFault("{'Fn::Length': abc}", extensions: true)
                == "Template error: Fn::Length expects an array of values or a function that returns one")
    }

    @Test(
        "What is not known yet goes through every function",
        arguments: [
            "!Ref Table", "!GetAtt Table.Anything", "!Sub '${Table} ${Name}'", "!Sub ['${x}', {x: !GetAtt Table.Arn}]",
            "!Join ['-', [a, !Ref Table]]", "!Join ['-', !GetAtt Table.Names.List]", "!Split [',', !Ref Table]",
            "!Select [0, !GetAtt Table.Names.List]", "!Select [0, [!Ref Table]]", "{'Fn::Base64': !Ref Table}",
            "{'Fn::GetAZs': !Ref Table}", "{'Fn::ImportValue': !Ref Table}", "!Cidr [!Ref Table, 3, 4]",
            "!FindInMap [Sizes, !Ref Table, Small]", "!If [Holds, !Ref Table, b]", "{'Fn::Length': !GetAtt Table.X}",
            "{'Fn::ToJsonString': {a: !Ref Table}}",
        ])
    func unknown(yaml: String) throws {
        #expect(try Sample.value(yaml, extensions: true, in: World(isMade: false)) == .unknown)
    }

    @Test("A map with something unknown in it keeps the rest")
    func partlyUnknown() throws {
        let value = try #require(try Sample.value("{a: !Ref Table, b: [c, !Ref Table]}", in: World(isMade: false)))
        #expect(value == .map(["a": .unknown, "b": .list([.string("c"), .unknown])]))
        #expect(value.isPartlyUnknown)
    }

    @Test("Functions may be as deep in each other as templates are")
    func nesting() throws {
        let nested = (0..<45).reduce("x") { inner, _ in "{'Fn::Base64': {'Fn::Select': [0, [\(inner)]]}}" }
        #expect(Sample.valueFault(nested)?.contains("YAML not well-formed") ?? false)
        let joined = (0..<30).reduce("x") { inner, _ in "!Join ['', [\(inner)]]" }
        #expect(try Sample.value(joined) == .string("x"))
    }

    @Test("Small templates cannot make endless texts")
    func endlessTexts() {
        let nested = (0..<20).reduce("x") { inner, _ in "!Sub ['${a}${a}${a}${a}', {a: \(inner)}]" }
        #expect(Sample.valueFault(nested)?.contains("at most") ?? false)
    }
}

extension TemplateMap: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self.init(elements.map { Entry($0.0, $0.1) })
    }
}
