import Testing

@testable import TemplateLanguage

/// What templates say is read as it was meant, or refused in CloudFormation's words.
@Suite("Templates")
struct TemplateTests {
    @Test("JSON and YAML say the same")
    func twoFormats() throws {
        let json = try Template(
            #"{"Resources": {"A": {"Type": "T::T::T", "Properties": {"P": {"Ref": "B"}}}, "B": {"Type": "T::T::T"}}}"#)
        let yaml = try Template(
            "Resources:\n  A:\n    Type: T::T::T\n    Properties: {P: !Ref B}\n  B: {Type: T::T::T}\n")
        #expect(json.source == yaml.source)
        #expect(yaml.resources.map(\.logicalID) == ["A", "B"])
        #expect(yaml.resources[0].dependencies == ["B"])
    }

    @Test("Sections are read in their order, with all they say")
    func sections() throws {
        let template = try Template(
            """
            AWSTemplateFormatVersion: 2010-09-09
            Description: A queue
            Metadata: {Author: me}
            Parameters:
              Name: {Type: String, Default: orders, MinLength: 3, NoEcho: true}
            Conditions:
              IsNamed: !Not [!Equals [!Ref Name, ""]]
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Condition: IsNamed
                DeletionPolicy: Retain
                DependsOn: [Topic]
                Properties: {QueueName: !Ref Name}
              Topic: {Type: AWS::SNS::Topic}
            Outputs:
              URL: {Value: !Ref Queue, Description: Where, Export: {Name: !Sub "${AWS::StackName}-url"}}
            """)
        #expect(template.description == "A queue")
        #expect(template.parameters.map(\.name) == ["Name"])
        #expect(template.parameters[0].isHidden)
        #expect(template.parameters[0].minLength == 3)
        let queue = template.resources[0]
        #expect(queue.condition == "IsNamed")
        #expect(queue.deletionPolicy == "Retain")
        #expect(queue.dependencies == ["Topic"])
        #expect(template.outputs[0].description == "Where")
    }
}
