import Testing

@testable import TemplateLanguage

/// Parameters have values, of the kind and form the template says.
@Suite("Parameters")
struct ParameterTests {
    private func values(
        _ declaration: String, _ given: [GivenParameter], previous: [String: String] = [:]
    ) throws(TemplateError) -> [String: String] {
        let template = try Template("Parameters: {\(declaration)}\nResources: {A: {Type: T}}")
        return try template.parameterValues(given, previous: previous)
    }

    private func fault(_ declaration: String, _ given: [GivenParameter], previous: [String: String] = [:]) -> String? {
        do throws(TemplateError) {
            _ = try values(declaration, given, previous: previous)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("Given, kept or by default")
    func sources() throws {
        let declaration = "P: {Type: String}, Q: {Type: String, Default: 8}, R: {Type: String, Default: x}"
        let given = [GivenParameter("P", "1"), GivenParameter("R", nil, usesPrevious: true)]
        let found = try values(declaration, given, previous: ["R": "old", "P": "gone"])
        #expect(found == ["P": "1", "Q": "8", "R": "old"])
    }

    @Test(
        "What does not fit",
        arguments: [
            ("Type: String", nil, "Parameters: [P] must have values"),
            ("Type: Number", "abc", "Parameter 'P' must be a number."),
            ("Type: Number", "inf", "Parameter 'P' must be a number."),
            ("Type: Number, MinValue: 2", "1", "Parameter 'P' must be a number not less than 2"),
            ("Type: Number, MaxValue: 2.5", "3", "Parameter 'P' must be a number not greater than 2.5"),
            ("Type: List<Number>", "1,x", "Parameter 'P' must be a number."),
            ("Type: String, AllowedValues: [a, b]", "c", "Parameter 'P' must be one of AllowedValues"),
            ("Type: CommaDelimitedList, AllowedValues: [a, b]", "a, c", "Parameter 'P' must be one of AllowedValues"),
            ("Type: String, MinLength: 2", "a", "Parameter 'P' must contain at least 2 characters"),
            ("Type: String, MaxLength: 2", "abc", "Parameter 'P' must contain at most 2 characters"),
            ("Type: String, AllowedPattern: '[a-z]+'", "a1", "Parameter 'P' must match pattern [a-z]+"),
            ("Type: String, AllowedPattern: '^[a-z]'", "ab", "Parameter 'P' must match pattern ^[a-z]"),
            (
                "Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: letters only", "1",
                "Parameter 'P' failed to satisfy constraint: letters only"
            ),
            (
                "Type: String, AllowedPattern: '['", "a",
                "Parameter 'P' AllowedPattern must be a valid regular expression."
            ),
            (
                "Type: AWS::SSM::Parameter::Value<String>", "/x",
                "Unable to fetch parameters [/x] from parameter store for this account."
            ),
        ])
    func faults(declaration: String, value: String?, message: String) {
        let given = value.map { [GivenParameter("P", $0)] } ?? []
        #expect(fault("P: {\(declaration)}", given) == message)
    }

    @Test("What fits")
    func fitting() {
        #expect(fault("P: {Type: Number, AllowedValues: [1, 2]}", [GivenParameter("P", "1.0")]) == nil)
        #expect(fault("P: {Type: CommaDelimitedList, AllowedValues: [a, b]}", [GivenParameter("P", "a, b")]) == nil)
        #expect(fault("P: {Type: 'List<AWS::EC2::Subnet::Id>'}", [GivenParameter("P", "subnet-1,subnet-2")]) == nil)
        #expect(fault("P: {Type: AWS::SSM::Parameter::Name}", [GivenParameter("P", "/a")]) == nil)
        #expect(fault("P: {Type: String, AllowedPattern: '(?i)[a-z]+|'}", [GivenParameter("P", "")]) == nil)
    }

    @Test("Names that are nowhere, and values that were never there")
    func unknownNames() {
        #expect(
            fault("P: {Type: String, Default: a}", [GivenParameter("X", "1"), GivenParameter("Y", "1")])
                == "Parameters: [X, Y] do not exist in the template")
        #expect(
            fault("P: {Type: String}", [GivenParameter("P", nil, usesPrevious: true)])
                == "Invalid input for parameter key P. Cannot specify usePreviousValue as true for a parameter key not in "
                + "the previous template")
        #expect(fault("P: {Type: String}, Q: {Type: String}", []) == "Parameters: [P, Q] must have values")
    }

    @Test("Values that are kept elsewhere are what functions see, and lists where they are lists")
    func storedValues() throws {
        let template = try Template(
            """
            Parameters:
              Version: {Type: AWS::SSM::Parameter::Value<String>, Default: /version}
              Names: {Type: AWS::SSM::Parameter::Value<List<String>>, Default: /names}
            Rules: {R: {Assertions: [{Assert: !Not [!Contains [[1, 2], !Ref Version]], AssertDescription: too old}]}}
            Resources: {A: {Type: T, Properties: {v: !Sub "v${Version}", n: !Select [1, !Ref Names]}}}
            """)
        let stored = ["/version": "21", "/names": "a, b"]
        let values = try template.parameterValues([], previous: [:], stored: stored)
        #expect(values == ["Version": "/version", "Names": "/names"])
        let evaluation = try Evaluation(template, parameters: values, pseudo: Sample.pseudo, stored: stored)
        let properties = try evaluation.properties(of: evaluation.resources[0], in: World())
        #expect(properties == ["v": .string("v21"), "n": .string("b")])
        #expect(throws: TemplateError("too old")) {
            try Evaluation(
                template, parameters: values, pseudo: Sample.pseudo, stored: ["/version": "2", "/names": "a"])
        }
    }

    @Test(
        "Hostile patterns come to an end",
        arguments: [
            "(a+)+b", "((a*)*)*b", "(){999999999}", "((){999999}){999999}", "(a|a)*c", "(a?){60}a{60}x",
            String(repeating: "(", count: 4000),
            String(repeating: "(", count: 2000) + String(repeating: ")", count: 2000),
        ])
    func hostilePatterns(pattern: String) {
        let clock = ContinuousClock()
        let time = clock.measure {
            _ = fault(
                "P: {Type: String, AllowedPattern: '\(pattern)'}",
                [GivenParameter("P", String(repeating: "a", count: 4000))])
        }
        #expect(time < .seconds(20))
    }
}
