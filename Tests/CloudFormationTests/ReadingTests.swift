import ServiceKit
import TestSupport
import Testing

@testable import CloudFormation

@Suite("What reads stacks") struct ReadingTests {
    private static let template = """
        Description: Times
        Parameters: {Secret: {Type: String, NoEcho: true}, Name: {Type: String, Default: times, AllowedValues: [times]}}
        Resources:
          Group:
            Type: AWS::DAX::ParameterGroup
            Metadata: {Note: one}
            Properties: {ParameterGroupName: !Ref Name, Description: !Ref Secret}
        Outputs:
          Group: {Value: !Ref Group, Export: {Name: the-group}}
        """
    private static let parameters = ["Secret": "quiet", "Name": "times"]

    @Test("A stack is told by its name and its ID, hidden parameters as stars")
    func describe() async throws {
        try await OperationBench.with { bench in
            let stack = try await bench.put("shop", Self.template, parameters: Self.parameters)
            let byName = try await bench.call("DescribeStacks", ["StackName": "shop"])
            let byID = try await bench.call("DescribeStacks", ["StackName": stack.id])
            #expect(byName.rawBytes.elementsEqual(byID.rawBytes))
            let shown = try #require(byName.list("Stacks").first)
            #expect(shown.texts("Parameters", "ParameterKey") == ["Secret", "Name"])
            #expect(shown.texts("Parameters", "ParameterValue") == ["****", "times"])
            #expect(shown.texts("Outputs", "OutputValue") == ["id-Group"])
            #expect(shown.texts("Outputs", "ExportName") == ["the-group"])
            #expect(shown.list("Tags").isEmpty && shown["Capabilities"] == nil)
            #expect(!String(decoding: byName.rawBytes, as: UTF8.self).contains("quiet"))
            #expect(
                try await bench.refusal("DescribeStacks", ["StackName": "none"])
                    == "ValidationError 400: Stack with id none does not exist")
            #expect(
                try await bench.refusal("DescribeStackEvents", ["StackName": "none"])
                    == "ValidationError 400: Stack [none] does not exist")
            #expect(
                try await bench.refusal("DescribeStackResource", ["StackName": "none", "LogicalResourceId": "A"])
                    == "ValidationError 400: Stack 'none' does not exist")
        }
    }

    @Test("A deleted stack is found by its ID alone, and listed with its status")
    func deleted() async throws {
        try await OperationBench.with { bench in
            let gone = try await bench.put("shop", Self.template, parameters: Self.parameters, status: .deleteComplete)
            let there = try await bench.put(
                "shop", Self.template.replacing("the-group", with: "other"), parameters: Self.parameters,
                at: .now() + .seconds(5))
            let named = try await bench.call("DescribeStacks", ["StackName": "shop"])
            #expect(named.texts("Stacks", "StackId") == [there.id])
            let byID = try await bench.call("DescribeStacks", ["StackName": gone.id])
            #expect(byID.texts("Stacks", "StackStatus") == ["DELETE_COMPLETE"])
            let all = try await bench.call("DescribeStacks")
            #expect(all.texts("Stacks", "StackId") == [there.id])
            let list = try await bench.call("ListStacks")
            #expect(list.texts("StackSummaries", "StackId") == [there.id, gone.id])
            let some = try await bench.call("ListStacks", ["StackStatusFilter": #"["DELETE_COMPLETE"]"#])
            #expect(some.texts("StackSummaries", "StackId") == [gone.id])
            let none = try await bench.call("ListStacks", ["StackStatusFilter": #"["IMPORT_COMPLETE"]"#])
            #expect(none.list("StackSummaries").isEmpty)
        }
    }

    @Test("Lists go on where their pages end")
    func pages() async throws {
        try await OperationBench.with { bench in
            let things = (0..<120).map { "  R\($0): {Type: AWS::DAX::ParameterGroup}\n" }.joined()
            let stack = try await bench.put("many", "Resources:\n" + things)
            for (operation, list) in [
                ("ListStackResources", "StackResourceSummaries"), ("DescribeStackEvents", "StackEvents"),
                ("DescribeEvents", "OperationEvents"),
            ] {
                let first = try await bench.call(operation, ["StackName": "many"])
                let token = try #require(first["NextToken"]?.string)
                let second = try await bench.call(operation, ["StackName": "many", "NextToken": token])
                let ids =
                    first.texts(list, "LogicalResourceId") + second.texts(list, "LogicalResourceId")
                #expect(first.list(list).count == 100 && second["NextToken"] == nil)
                #expect(Set(ids).subtracting(["many"]).count == 120, "\(operation)")
                #expect(
                    try await bench.refusal(operation, ["StackName": "many", "NextToken": "AAAA"])
                        == "ValidationError 400: The NextToken is not valid.")
            }
            let resources = try await bench.call("DescribeStackResources", ["PhysicalResourceId": "id-R7"])
            #expect(resources.list("StackResources").count == 100)
            #expect(resources.texts("StackResources", "StackId").first == stack.id)
        }
    }

    @Test("Events are told by operation, failures alone if that is asked for")
    func events() async throws {
        try await OperationBench.with { bench in
            let stack = try await bench.put("shop", Self.template, parameters: Self.parameters, status: .createFailed)
            let all = try await bench.call("DescribeEvents", ["StackName": "shop"])
            let operation = try #require(all.list("OperationEvents").first?["OperationId"]?.string)
            #expect(all.texts("OperationEvents", "OperationType") == ["CREATE_STACK", "CREATE_STACK", "CREATE_STACK"])
            #expect(all.texts("OperationEvents", "EventType") == ["STACK_EVENT", "PROGRESS_EVENT", "STACK_EVENT"])
            #expect(all.texts("OperationEvents", "OperationStatus") == ["FAILED", "IN_PROGRESS"])
            let byOperation = try await bench.call("DescribeEvents", ["OperationId": operation])
            #expect(byOperation.texts("OperationEvents", "StackId") == [stack.id, stack.id, stack.id])
            let failures = try await bench.host.call(
                "cloudformation", "DescribeEvents",
                #"{"OperationId":"\#(operation)","Filters":{"FailedEvents":true}}"#)
            #expect(failures.texts("OperationEvents", "ResourceStatus") == ["CREATE_FAILED"])
            #expect(
                try await bench.refusal("DescribeEvents")
                    == "ValidationError 400: One of StackName, ChangeSetName or OperationId must be specified.")
        }
    }

    @Test("A template is answered as it was given, and summed up")
    func templates() async throws {
        try await OperationBench.with { bench in
            try await bench.put("shop", Self.template, parameters: Self.parameters)
            let template = try await bench.call("GetTemplate", ["StackName": "shop"])
            #expect(template["TemplateBody"]?.string == Self.template)
            let summary = try await bench.call("GetTemplateSummary", ["StackName": "shop"])
            #expect(summary.texts("ResourceTypes") == ["AWS::DAX::ParameterGroup"])
            #expect(summary["Description"]?.string == "Times")
            #expect(summary.texts("Parameters", "ParameterType") == ["String", "String"])
            let limits = summary.list("Parameters").last?["ParameterConstraints"]?["AllowedValues"]
            #expect(limits?.elements.compactMap(\.string) == ["times"])
            let checked = try await bench.call("ValidateTemplate", ["TemplateBody": Self.template])
            #expect(checked.texts("Parameters", "ParameterKey") == ["Secret", "Name"])
            #expect(checked.list("Parameters").compactMap { $0["NoEcho"]?.bool } == [true, false])
            #expect(
                try await bench.refusal(
                    "ValidateTemplate", ["TemplateBody": "Resources: {A: {Type: AWS::No::Thing}}"])
                    == "ValidationError 400: Template format error: Unrecognized resource types: [AWS::No::Thing]")
            let resource = try await bench.call(
                "DescribeStackResource", ["StackName": "shop", "LogicalResourceId": "Group"])
            #expect(resource["StackResourceDetail"]?["Metadata"]?.string == #"{"Note":"one"}"#)
            #expect(resource["StackResourceDetail"]?["PhysicalResourceId"]?.string == "id-Group")
        }
    }

    @Test("Exports are listed with who exports and who imports them")
    func exports() async throws {
        try await OperationBench.with { bench in
            let stack = try await bench.put("shop", Self.template, parameters: Self.parameters)
            let list = try await bench.call("ListExports")
            #expect(list.texts("Exports", "Name") == ["the-group"] && list.texts("Exports", "Value") == ["id-Group"])
            #expect(list.texts("Exports", "ExportingStackId") == [stack.id])
            #expect(
                try await bench.refusal("ListImports", ["ExportName": "the-group"])
                    == "ValidationError 400: Export 'the-group' is not imported by any stack.")
            let user = try await bench.put("user", "Resources: {A: {Type: AWS::DAX::ParameterGroup}}")
            try await bench.store.write { try $0.setExports([], imports: ["the-group"], of: user) }
            let imports = try await bench.call("ListImports", ["ExportName": "the-group"])
            #expect(imports.texts("Imports") == ["user"])
        }
    }

    @Test("Protection from deletion is put on and taken off")
    func protection() async throws {
        try await OperationBench.with { bench in
            let stack = try await bench.put("shop", Self.template, parameters: Self.parameters)
            let answer = try await bench.call(
                "UpdateTerminationProtection", ["StackName": "shop", "EnableTerminationProtection": "true"])
            #expect(answer["StackId"]?.string == stack.id)
            #expect(
                try await bench.refusal("DeleteStack", ["StackName": "shop"])
                    == "ValidationError 400: Stack [\(stack.id)] cannot be deleted while TerminationProtection is enabled"
            )
            try await bench.call(
                "UpdateTerminationProtection", ["StackName": "shop", "EnableTerminationProtection": "false"])
            try await bench.call("DeleteStack", ["StackName": "shop"])
            let after = try await bench.call("DescribeStacks", ["StackName": "shop"])
            #expect(after.texts("Stacks", "StackStatus") == ["DELETE_IN_PROGRESS"])
        }
    }

    @Test("Actions are allowed on the stack they are about")
    func permissions() async throws {
        let authorizer = RecordingAuthorizer()
        try await OperationBench.with(authorizer: authorizer) { bench in
            let stack = try await bench.put("shop", Self.template, parameters: Self.parameters)
            try await bench.call("DescribeStacks", ["StackName": "shop"])
            try await bench.call("DescribeStacks")
            _ = try await bench.refusal("ListStackResources", ["StackName": "none"])
            let anyStack = "arn:aws:cloudformation:us-east-1:000000000000:stack"
            #expect(
                authorizer.seen == [
                    "cloudformation:DescribeStacks on \(stack.id)", "cloudformation:DescribeStacks on \(anyStack)/*/*",
                    "cloudformation:ListStacks on *", "cloudformation:ListStackResources on \(anyStack)/none/*",
                ])
        }
    }
}
