import Testing

@testable import TemplateLanguage

/// Conditions are decided before anything else, and decide what is there.
@Suite("Conditions and rules")
struct ConditionTests {
    private static let head = """
        Parameters:
          Stage: {Type: String, Default: dev}
          Names: {Type: CommaDelimitedList, Default: 'a,b'}
        Mappings: {M: {dev: {Flag: 'true', Text: x}}}
        Resources: {A: {Type: T}}

        """

    @Test(
        "Functions of conditions",
        arguments: [
            ("!Equals [!Ref Stage, dev]", true), ("!Equals [1, '1']", true), ("!Equals [true, 'true']", true),
            ("!Equals [a, b]", false), ("!Not [!Equals [a, b]]", true),
            ("!And [!Equals [a, a], !Equals [b, b]]", true), ("!And [!Equals [a, a], !Equals [a, b]]", false),
            ("!Or [!Equals [a, b], !Equals [a, a]]", true), ("!Or [!Equals [a, b], !Equals [a, c]]", false),
            ("{Condition: Base}", true), ("!Not [!Condition Base]", false),
            ("!Equals [!FindInMap [M, !Ref Stage, Text], x]", true), ("!Equals [!Select [1, !Ref Names], b]", true),
            ("!Equals [!Join ['', !Ref Names], ab]", true), ("!Equals [!Sub '${Stage}-x', dev-x]", true),
            ("!Equals [!Ref AWS::Region, eu-west-1]", true),
        ])
    func functions(yaml: String, holds: Bool) throws {
        let text = Self.head + "Conditions:\n  Base: !Equals [a, a]\n  C: \(yaml)\n"
        #expect(try Sample.evaluation(text).conditions["C"] == holds)
    }

    @Test("Conditions in a circle are refused, and chains are followed")
    func circles() throws {
        let circle = Self.head + "Conditions: {C: !Not [!Condition D], D: !Not [!Condition C]}"
        #expect(Sample.evaluationFault(circle)?.contains("circular condition dependency") ?? false)
        let chain = (1..<100).map { "  C\($0): !Not [!Condition C\($0 - 1)]\n" }.joined()
        let evaluation = try Sample.evaluation(Self.head + "Conditions:\n" + chain + "  C0: !Equals [a, a]\n")
        #expect(evaluation.conditions["C99"] == false)
        let nested = (0..<600).map { index in
            "  C\(index): " + String(repeating: "{'Fn::Not': [", count: 40) + "{Condition: C\(index + 1)}"
                + String(repeating: "]}", count: 40) + "\n"
        }
        let deep = Self.head + "Conditions:\n" + nested.joined() + "  C600: !Equals [a, a]\n"
        #expect(try Sample.evaluation(deep).conditions["C0"] == true)
    }

    @Test("Resources and outputs whose conditions do not hold are not there")
    func presence() throws {
        let text = """
            Parameters: {Stage: {Type: String, Default: dev}}
            Conditions: {IsProd: !Equals [!Ref Stage, prod]}
            Resources:
              A: {Type: T, Properties: {P: !If [IsProd, !Ref B, none], Q: 1}}
              B: {Type: T, Condition: IsProd}
              C: {Type: T, DependsOn: [A, B]}
            Outputs:
              Always: {Value: !Ref A}
              Prod: {Value: !Ref B, Condition: IsProd}
            """
        let dev = try Sample.evaluation(text)
        #expect(dev.resources.map(\.logicalID) == ["A", "C"])
        #expect(dev.resources.map(\.dependencies) == [[], ["A"]])
        #expect(try dev.outputs(in: World()).map(\.name) == ["Always"])
        let prod = try Sample.evaluation(text, [GivenParameter("Stage", "prod")])
        #expect(prod.resources.map(\.dependencies) == [["B"], [], ["A", "B"]])
        #expect(try prod.outputs(in: World()).map(\.value) == ["shop-A", "shop-B"])
    }

    @Test("An output of what is not there is refused")
    func absentOutput() {
        let text = """
            Conditions: {Fails: !Equals [a, b]}
            Resources: {A: {Type: T}, B: {Type: T, Condition: Fails}}
            Outputs: {O: {Value: !Ref B}}
            """
        #expect(
            Sample.evaluationFault(text) == "Unresolved resource dependencies [B] in the Outputs block of the template")
    }

    @Test(
        "Rules",
        arguments: [
            ("{Assertions: [{Assert: !Equals [!Ref Stage, dev]}]}", nil),
            ("{Assertions: [{Assert: !Equals [!Ref Stage, x], AssertDescription: no x}]}", "no x"),
            ("{RuleCondition: !Equals [a, b], Assertions: [{Assert: !Equals [a, b], AssertDescription: d}]}", nil),
            ("{Assertions: [{Assert: !Contains [[dev, prod], !Ref Stage]}]}", nil),
            ("{Assertions: [{Assert: !Contains [[test], !Ref Stage], AssertDescription: d}]}", "d"),
            ("{Assertions: [{Assert: !EachMemberIn [!Ref Names, [a, b, c]]}]}", nil),
            ("{Assertions: [{Assert: !EachMemberIn [!Ref Names, [a]], AssertDescription: d}]}", "d"),
            ("{Assertions: [{Assert: !EachMemberEquals [[a, a], a]}]}", nil),
            ("{Assertions: [{Assert: !EachMemberEquals [!Ref Names, a], AssertDescription: d}]}", "d"),
            ("{Assertions: [{Assert: !Contains [!RefAll String, dev]}]}", nil),
            ("{Assertions: [{Assert: !And [!Equals [a, a], !Not [!Equals [a, b]]]}]}", nil),
        ])
    func rules(rule: String, message: String?) {
        #expect(Sample.evaluationFault(Self.head + "Rules: {R: \(rule)}\n") == message)
    }
}
