import Testing

@testable import TemplateLanguage

/// `Fn::ForEach` writes out what it repeats.
@Suite("Loops")
struct LoopTests {
    private static let topics = """
        Transform: AWS::LanguageExtensions
        Parameters: {Names: {Type: CommaDelimitedList, Default: 'a-1,b'}}
        Resources:
          Fn::ForEach::Topics:
            - Name
            - !Ref Names
            - "Topic&{Name}":
                Type: AWS::SNS::Topic
                Properties:
                  TopicName: !Sub "${AWS::StackName}-${Name}"
                  DisplayName: !Ref Name
        Outputs:
          Fn::ForEach::Outer:
            - Name
            - !Ref Names
            - Fn::ForEach::Inner:
                - Property
                - [Arn, Names.List]
                - "Out&{Name}&{Property}": {Value: !Join ['', [!GetAtt ["Topic&{Name}", Arn], !Ref Property]]}

        """

    @Test("Resources and outputs, nested, over a parameter")
    func parameter() throws {
        let template = try Template(Self.topics)
        #expect(template.resources.map(\.logicalID) == ["Topica1", "Topicb"])
        let evaluation = try Sample.evaluation(Self.topics, [GivenParameter("Names", "c")])
        #expect(evaluation.resources.map(\.logicalID) == ["Topicc"])
        let properties = try evaluation.properties(of: evaluation.resources[0], in: World())
        #expect(properties == ["TopicName": .string("shop-c"), "DisplayName": .string("c")])
        let outputs = try evaluation.outputs(in: World())
        #expect(outputs.map(\.name) == ["OutcArn", "OutcNamesList"])
        #expect(outputs.map(\.value) == ["arn:TopiccArn", "arn:TopiccNames.List"])
    }

    @Test("A parameter without a value leaves its loop for later")
    func later() throws {
        let text = Self.topics.replacing(", Default: 'a-1,b'", with: "")
        #expect(try Template(text).resources.isEmpty)
        #expect(try Sample.evaluation(text, [GivenParameter("Names", "x,y")]).resources.count == 2)
    }

    @Test("Properties and conditions have loops too; names of resources may be made")
    func properties() throws {
        let text = """
            Transform: [AWS::LanguageExtensions]
            Parameters: {Keep: {Type: String, Default: Retain}}
            Conditions:
              Fn::ForEach::Conditions: [N, [a, b], {"Is${N}": !Equals ["${N}", a]}]
            Resources:
              T1: {Type: T, DeletionPolicy: !Ref Keep, UpdateReplacePolicy: !If [Isa, Delete, Retain]}
              U:
                Type: T
                Properties:
                  Fn::ForEach::P: [N, [x, y], {"Key${N}": {"Ref": {"Fn::Sub": "T1"}}}]
            """
        let evaluation = try Sample.evaluation(text)
        #expect(evaluation.conditions == ["Isa": true, "Isb": false])
        #expect(evaluation.resources[0].deletionPolicy == "Retain")
        #expect(evaluation.resources[0].updateReplacePolicy == "Delete")
        #expect(evaluation.resources[1].dependencies == ["T1"])
        #expect(
            try evaluation.properties(of: evaluation.resources[1], in: World())
                == ["Keyx": .string("shop-T1"), "Keyy": .string("shop-T1")])
    }

    @Test("Loops of the wrong form, too deep, or of one name")
    func faults() {
        let loop = { (body: String) in
            Sample.fault("Transform: AWS::LanguageExtensions\nResources:\n  A: {Type: T}\n  Fn::ForEach::L: \(body)\n")
        }
        #expect(loop("[N, [a]]") != nil)
        #expect(loop("[N, abc, {x: {Type: T}}]") != nil)
        #expect(loop("[N, [a, b], {x: {Type: T}}]") == "Template format error: Fn::ForEach makes x more than once")
        let deep = (0..<6).reduce("{'X${N}': {Type: T}}") { "{'Fn::ForEach::L\($1)': [N\($1), [a], \($0)]}" }
        #expect(loop("[N, [a], \(deep)]")?.contains("five deep") ?? false)
        let many = (0..<20).map { _ in "a" }.joined(separator: ", ")
        let wide = (0..<4).reduce("{'X${N}': {Type: T}}") { "{'Fn::ForEach::L\($1)': [N\($1), [\(many)], \($0)]}" }
        #expect(loop("[N, [a], \(wide)]") != nil)
    }

    @Test("Without the transform a loop is a resource of a strange name")
    func withoutTransform() {
        #expect(
            Sample.fault("Resources: {'Fn::ForEach::L': [N, [a], {}]}")
                == "Template format error: Resource name Fn::ForEach::L is non alphanumeric.")
    }
}
