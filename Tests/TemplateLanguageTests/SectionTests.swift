import Testing

@testable import TemplateLanguage

/// What is wrong with a template is said in CloudFormation's words.
@Suite("Faults of templates")
struct SectionTests {
    private static let resources = "Resources: {A: {Type: T::T::T}}\n"

    @Test(
        "Sections",
        arguments: [
            ("", "Template format error: unsupported structure."),
            ("[a]", "Template format error: unsupported structure."),
            ("Description: x", "Template format error: At least one Resources member must be defined."),
            ("{}", "Template format error: At least one Resources member must be defined."),
            (resources + "Foo: 1\nBar: 2", "Invalid template property or properties [Foo, Bar]"),
            (
                resources + "AWSTemplateFormatVersion: 2012-10-17",
                "Template format error: 2012-10-17 is not a supported value for AWSTemplateFormatVersion."
            ),
            (resources + "Outputs:", "[/Outputs] 'null' values are not allowed in templates"),
            (
                #"{"Resources": {"A": {"Type": "T", "Properties": {"L": [1, null]}}}}"#,
                "[/Resources/A/Properties/L/1] 'null' values are not allowed in templates"
            ),
            ("Resources: {a_b: {Type: T}}", "Template format error: Resource name a_b is non alphanumeric."),
            ("Resources: {A: x}", "Template format error: Any Resources member must be an object."),
            (
                "Resources: {A: {}}",
                "Template format error: [/Resources/A] Every Resources object must contain a Type member."
            ),
            ("Resources: {A: {Type: T, Invalid: x}}", "Invalid template resource property 'Invalid'"),
            (
                "Resources: {A: {Type: T, DependsOn: {}}}",
                "Template format error: DependsOn must be a string or list of strings."
            ),
            (
                "Resources: {A: {Type: T, DependsOn: [B]}}",
                "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"
            ),
            (
                "Resources: {A: {Type: T, Metadata: {x: !Ref B}}}",
                "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"
            ),
            (
                "Resources: {A: {Type: T, DeletionPolicy: Keep}}",
                "Template format error: Unrecognized DeletionPolicy Keep for resource A"
            ),
            (
                "Resources: {A: {Type: AWS::SQS::Queue, DeletionPolicy: Snapshot}}",
                "Template error: resource type AWS::SQS::Queue does not support deletion policy Snapshot"
            ),
            (
                "Resources: {A: {Type: T, UpdateReplacePolicy: RetainExceptOnCreate}}",
                "Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A"
            ),
            (
                "Resources: {A: {Type: T, DeletionPolicy: !Ref B}}",
                "Template format error: Every DeletionPolicy member must be a string."
            ),
            (
                "Resources: {A: {Type: T, Condition: [x]}}",
                "Template format error: Every Condition member must be a string."
            ),
            ("Resources: {A: {Type: T, Condition: X}}", "Template format error: Condition X  is not defined."),
            (
                "Parameters: {A: {Type: String}}\n" + resources,
                "Template error: all resources and parameters must have unique names. Common name(s):[A]"
            ),
            (
                "Parameters: {P: {}}\n" + resources,
                "Template format error: Every Parameters object must contain a Type member."
            ),
            ("Parameters: {P: {Type: Text}}\n" + resources, "Template format error: Unrecognized parameter type: Text"),
            (
                "Parameters: {P: {Type: String, Default: [a]}}\n" + resources,
                "Template format error: Every Default member must be a string."
            ),
            ("Parameters: {P: {Type: String, X: 1}}\n" + resources, "Invalid template parameter property 'X'"),
            (
                "Parameters: {p-q: {Type: String}}\n" + resources,
                "Template format error: Parameter name p-q is non alphanumeric."
            ),
            ("Mappings: {M: x}\n" + resources, "Template format error: Every Mappings member M must be a map"),
            (
                "Mappings: {M: {a: {b: {c: d}}}}\n" + resources,
                "Template format error: Every Mappings attribute must be a String or a List."
            ),
            (
                "Mappings: {M: {a: {b_c: d}}}\n" + resources,
                "Template format error: Mappings attribute name 'b_c' must contain only alphanumeric characters."
            ),
            (
                "Mappings: {M: {012: {b: d}, 123: {b: d}}}\n" + resources,
                "Template format error: [/Mappings/M] map keys must be strings; received numeric [123] instead"
            ),
            (resources + "Outputs: {O: {}}", "Template format error: Every Outputs member must contain a Value object"),
            (
                resources + "Outputs: {O: {Value: [a]}}",
                "Template format error: The Value field of every Outputs member must evaluate to a String and not a List."
            ),
            (
                resources + "Outputs: {O: {Value: !Ref B}}",
                "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"
            ),
            (
                resources + "Outputs: {O: {Value: a, Export: {}}}",
                "Template format error: Output O is malformed. The Name field of every Export member must be specified."
            ),
            (
                resources + "Conditions: {C: x}",
                "Template format error: Conditions can only be boolean operations on parameters and other conditions"
            ),
            (
                resources + "Conditions: {C: !Equals [!Ref A, b]}",
                "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of "
                    + "the template"
            ),
            (
                resources + "Conditions: {C: !Not [!Condition D]}",
                "Template format error: Unresolved condition dependencies [D] in the Conditions block of the template"
            ),
            (
                resources + "Conditions: {C: !Equals [a]}",
                "Template error: every Fn::Equals object requires a list of 2 string parameters."
            ),
            (
                resources + "Conditions: {C: !And [!Equals [a, b]]}",
                "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters."
            ),
            (resources + "Transform: [{Name: [x]}]", "Key Name of transform definition must be a string."),
            (
                resources + "Rules: {R: {}}",
                "Template format error: Rule R must have a list of Assertions, each with an Assert"
            ),
        ])
    func faults(template: String, message: String) {
        #expect(Sample.fault(template) == message)
    }

    @Test("More than the quotas allow")
    func quotas() {
        let many = { (count: Int, body: String) in (0..<count).map { "  N\($0): \(body)\n" }.joined() }
        #expect(Sample.fault("Resources:\n" + many(500, "{Type: T}")) == nil)
        #expect(
            Sample.fault("Resources:\n" + many(501, "{Type: T}"))
                == "Template format error: Number of resources, 501, is greater than maximum allowed, 500")
        #expect(
            Sample.fault(Self.resources + "Parameters:\n" + many(201, "{Type: String}"))
                == "Template format error: Number of parameters, 201, is greater than maximum allowed, 200")
        #expect(
            Sample.fault(Self.resources + "Outputs:\n" + many(201, "{Value: x}"))
                == "Template format error: Number of outputs, 201, is greater than maximum allowed, 200")
        #expect(
            Sample.fault(Self.resources + "Mappings:\n" + many(201, "{a: {b: c}}"))
                == "Template format error: Number of mappings, 201, is greater than maximum allowed, 200")
        #expect(
            Sample.fault(Self.resources + "# " + String(repeating: "x", count: 1_000_000))
                == "Template may not exceed 1000000 bytes in size.")
        #expect(Sample.fault(Self.resources + "Description: " + String(repeating: "x", count: 1025)) != nil)
    }

    @Test("Of a template with macros of others only the names are held against it")
    func otherMacros() throws {
        let template = try Template(
            """
            Transform: [AWS::Serverless-2016-10-31, {Name: Mine, Parameters: {}}]
            Globals: {Function: {Timeout: 3}}
            Resources:
              F: {Type: AWS::Serverless::Function, Connectors: {}, Properties: {Role: !GetAtt FRole.Arn}}
              B: {Type: AWS::S3::Bucket, Properties: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: x}}}}
            """)
        #expect(template.transforms == ["AWS::Serverless-2016-10-31", "Mine", "AWS::Include"])
    }
}
