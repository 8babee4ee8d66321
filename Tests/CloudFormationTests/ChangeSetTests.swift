import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

@Suite("Change sets") struct ChangeSetTests {
    private static let template = """
        Parameters: {Nodes: {Type: String, Default: "1"}, Secret: {Type: String, Default: quiet, NoEcho: true}}
        Resources:
          Group:
            Type: AWS::DAX::ParameterGroup
            Properties: {ParameterGroupName: times, Description: !Sub "as ${Secret} as can be"}
          Cluster:
            Type: AWS::DAX::Cluster
            DependsOn: Group
            Properties:
              {ClusterName: songs, NodeType: dax.t3.small, ReplicationFactor: !Ref Nodes, IAMRoleARN: arn:aws:iam::1:role/r,
               ParameterGroupName: !Ref Group}
        """
    private static let defaults = ["Nodes": "1", "Secret": "quiet"]

    private static func parameter(_ name: String, _ value: String) -> String {
        #"[{"ParameterKey":"\#(name)","ParameterValue":"\#(value)"}]"#
    }

    @Test("A set that creates a stack leaves it in review until it is executed, once")
    func creation() async throws {
        try await OperationBench.with { bench in
            let made = try await bench.call(
                "CreateChangeSet",
                [
                    "StackName": "shop", "ChangeSetName": "first", "ChangeSetType": "CREATE",
                    "TemplateBody": Self.template, "Tags": #"[{"Key":"team","Value":"a"}]"#,
                ])
            let stack = try await bench.call("DescribeStacks", ["StackName": "shop"])
            #expect(stack.texts("Stacks", "StackStatus") == ["REVIEW_IN_PROGRESS"])
            #expect(stack.texts("Stacks", "StackId") == [made["StackId"]?.string])
            let set = try await bench.call(
                "DescribeChangeSet", ["ChangeSetName": "first", "StackName": "shop"])
            #expect(set["Status"]?.string == "CREATE_COMPLETE" && set["ExecutionStatus"]?.string == "AVAILABLE")
            let changes = set.list("Changes").compactMap { $0["ResourceChange"] }
            #expect(changes.compactMap { $0["Action"]?.string } == ["Add", "Add"])
            #expect(changes.compactMap { $0["LogicalResourceId"]?.string } == ["Cluster", "Group"])
            #expect(changes.allSatisfy { $0["Replacement"] == nil && $0["AfterContext"] == nil })
            #expect(
                try await bench.refusal(
                    "CreateChangeSet",
                    ["StackName": "shop", "ChangeSetName": "other", "TemplateBody": Self.template]
                )?.hasSuffix("is in REVIEW_IN_PROGRESS state and can not be updated.") == true)
            try await bench.call(
                "CreateChangeSet",
                [
                    "StackName": "shop", "ChangeSetName": "second", "ChangeSetType": "CREATE",
                    "TemplateBody": Self.template,
                ])
            let id = try #require(made["Id"]?.string)
            try await bench.call("ExecuteChangeSet", ["ChangeSetName": id, "ClientRequestToken": "run"])
            try await bench.call("ExecuteChangeSet", ["ChangeSetName": id, "ClientRequestToken": "run"])
            let begun = try #require(try await bench.store.read { try $0.stack("shop", at: Self.place) })
            #expect(begun.status == .createInProgress && begun.operation?.changeSetID == id)
            #expect(begun.definition.tags == [Tag(key: "team", value: "a")])
            let list = try await bench.call("ListChangeSets", ["StackName": "shop"])
            #expect(list.texts("Summaries", "ExecutionStatus") == ["EXECUTE_IN_PROGRESS", "OBSOLETE"])
            #expect(
                try await bench.refusal("ExecuteChangeSet", ["ChangeSetName": id])
                    == "InvalidChangeSetStatus 400: ChangeSet [\(id)] cannot be executed in its current execution status "
                    + "of [EXECUTE_IN_PROGRESS]")
            try await bench.store.write { snapshot in
                guard var stack = try snapshot.stack(id: begun.id) else { return }
                try snapshot.end(&stack, as: .createComplete, at: .now())
            }
            let after = try await bench.call("DescribeChangeSet", ["ChangeSetName": id])
            #expect(after["ExecutionStatus"]?.string == "EXECUTE_COMPLETE")
        }
    }

    @Test("A set without changes fails in the words that deployers look for")
    func nothing() async throws {
        try await OperationBench.with { bench in
            try await bench.put("shop", Self.template, parameters: Self.defaults)
            try await bench.call(
                "CreateChangeSet",
                ["StackName": "shop", "ChangeSetName": "same", "UsePreviousTemplate": "true"])
            let set = try await bench.call("DescribeChangeSet", ["ChangeSetName": "same", "StackName": "shop"])
            #expect(set["Status"]?.string == "FAILED" && set["ExecutionStatus"]?.string == "UNAVAILABLE")
            #expect(
                set["StatusReason"]?.string
                    == "The submitted information didn't contain changes. Submit different information to create a "
                    + "change set.")
            #expect(
                try await bench.refusal("ExecuteChangeSet", ["ChangeSetName": "same", "StackName": "shop"])?
                    .hasSuffix("cannot be executed in its current status of [FAILED]") == true)
            #expect(
                try await bench.refusal("UpdateStack", ["StackName": "shop", "UsePreviousTemplate": "true"])
                    == "ValidationError 400: No updates are to be performed.")
        }
    }

    @Test("A parameter's change is told with its cause, and what it does to the resource")
    func parameterChange() async throws {
        try await OperationBench.with { bench in
            try await bench.put("shop", Self.template, parameters: Self.defaults)
            let change = try await Self.changes(
                bench, ["Parameters": Self.parameter("Nodes", "3"), "UsePreviousTemplate": "true"])
            #expect(change.count == 1)
            let cluster = try #require(change.first)
            #expect(cluster["Action"]?.string == "Modify" && cluster["Replacement"]?.string == "False")
            #expect(cluster["PhysicalResourceId"]?.string == "id-Cluster")
            #expect(cluster.texts("Scope") == ["Properties"])
            let details = cluster.list("Details")
            #expect(details.compactMap { $0["ChangeSource"]?.string } == ["DirectModification", "ParameterReference"])
            #expect(details.compactMap { $0["Evaluation"]?.string } == ["Dynamic", "Static"])
            #expect(details.last?["CausingEntity"]?.string == "Nodes")
            let target = details.last?["Target"]
            #expect(target?["Name"]?.string == "ReplicationFactor" && target?["RequiresRecreation"]?.string == "Never")
            #expect(target?["BeforeValue"]?.string == "1" && target?["AfterValue"]?.string == "3")
        }
    }

    @Test("What refers to a resource that is replaced is not known yet, and secrets are not shown")
    func replacement() async throws {
        try await OperationBench.with { bench in
            try await bench.put("shop", Self.template, parameters: Self.defaults)
            let changes = try await Self.changes(
                bench, ["Parameters": Self.parameter("Secret", "silent"), "UsePreviousTemplate": "true"])
            #expect(changes.compactMap { $0["LogicalResourceId"]?.string } == ["Cluster", "Group"])
            let (cluster, group) = (try #require(changes.first), try #require(changes.last))
            #expect(group["Replacement"]?.string == "True" && group["PolicyAction"]?.string == "ReplaceAndDelete")
            let value = group.list("Details").last?["Target"]
            #expect(value?["BeforeValue"]?.string == "as **** as can be")
            #expect(value?["AfterValue"]?.string == "as **** as can be")
            let detail = try #require(cluster.list("Details").first)
            #expect(cluster["Replacement"]?.string == "False" && detail["Evaluation"]?.string == "Dynamic")
            #expect(
                detail["ChangeSource"]?.string == "ResourceReference" && detail["CausingEntity"]?.string == "Group")
            #expect(detail["Target"]?["AfterValue"]?.string == "{{changeSet:KNOWN_AFTER_APPLY}}")
            let all = String(decoding: changes.flatMap(\.rawBytes), as: UTF8.self)
            #expect(!all.contains("silent") && !all.contains("quiet"))
        }
    }

    @Test("What a template has no longer goes as its policy says, and what it has anew comes")
    func removal() async throws {
        try await OperationBench.with { bench in
            let old = """
                Resources:
                  A: {Type: AWS::DAX::ParameterGroup, DeletionPolicy: Retain}
                  B: {Type: AWS::DAX::ParameterGroup}
                  C: {Type: AWS::DAX::ParameterGroup}
                """
            let new = """
                Resources:
                  C: {Type: AWS::DAX::ParameterGroup, Metadata: {Note: new}}
                  D: {Type: AWS::DAX::ParameterGroup, Properties: {ParameterGroupName: d}}
                """
            try await bench.put("shop", old)
            let changes = try await Self.changes(bench, ["TemplateBody": new])
            #expect(changes.compactMap { $0["Action"]?.string } == ["Remove", "Remove", "Modify", "Add"])
            #expect(changes.compactMap { $0["PolicyAction"]?.string } == ["Retain", "Delete"])
            #expect(changes[2].texts("Scope") == ["Metadata"])
            #expect(changes[3]["AfterContext"]?.string == #"{"Properties":{"ParameterGroupName":"d"}}"#)
            let other = "Resources: {A: {Type: AWS::DAX::SubnetGroup, Properties: {SubnetIds: [subnet-1]}}}"
            try await bench.call(
                "CreateChangeSet", ["StackName": "shop", "ChangeSetName": "types", "TemplateBody": other])
            let failed = try await bench.call("DescribeChangeSet", ["ChangeSetName": "types", "StackName": "shop"])
            #expect(
                failed["StatusReason"]?.string
                    == "Update of resource type is not permitted. The new template modifies resource type of the "
                    + "following resources: [A]")
        }
    }

    @Test("Change sets that are not there, or are there twice")
    func refusals() async throws {
        try await OperationBench.with { bench in
            try await bench.put("shop", Self.template, parameters: Self.defaults)
            #expect(
                try await bench.refusal("DescribeChangeSet", ["ChangeSetName": "x", "StackName": "shop"])
                    == "ChangeSetNotFound 404: ChangeSet [x] does not exist")
            #expect(
                try await bench.refusal("DescribeChangeSet", ["ChangeSetName": "x"])
                    == "ValidationError 400: StackName must be specified if ChangeSetName is not specified as an ARN.")
            #expect(
                try await bench.refusal("DeleteChangeSet", ["ChangeSetName": "x", "StackName": "none"])
                    == "ValidationError 400: Stack [none] does not exist")
            #expect(try await bench.refusal("DeleteChangeSet", ["ChangeSetName": "x", "StackName": "shop"]) == nil)
            #expect(
                try await bench.refusal(
                    "CreateChangeSet",
                    [
                        "StackName": "shop", "ChangeSetName": "x", "ChangeSetType": "CREATE",
                        "TemplateBody": Self.template,
                    ])
                    == "ValidationError 400: Stack [shop] already exists and cannot be created again with the "
                    + "changeSet [x].")
            let input: KeyValuePairs = [
                "StackName": "shop", "ChangeSetName": "x", "UsePreviousTemplate": "true", "ClientToken": "one",
                "Parameters": Self.parameter("Nodes", "3"),
            ]
            let first = try await bench.call("CreateChangeSet", input)
            let again = try await bench.call("CreateChangeSet", input)
            #expect(first["Id"]?.string == again["Id"]?.string)
            let twice = try await bench.refusal(
                "CreateChangeSet",
                ["StackName": "shop", "ChangeSetName": "x", "UsePreviousTemplate": "true", "ClientToken": "two"])
            #expect(twice == "AlreadyExistsException 400: ChangeSet x already exists")
            #expect(
                try await bench.refusal(
                    "CreateChangeSet",
                    [
                        "StackName": "shop", "ChangeSetName": "y", "ChangeSetType": "IMPORT",
                        "TemplateBody": Self.template,
                    ]) == "ValidationError 400: Importing resources is not available here.")
        }
    }

    private static let place = Place(account: TestHost.account, region: "us-east-1")

    /// What a set would do to the stack `shop`, with values.
    private static func changes(
        _ bench: OperationBench, _ input: KeyValuePairs<String, String>
    ) async throws -> [JSONValue] {
        var all: [(String, String)] = [("StackName", "shop"), ("ChangeSetName", "set")]
        all += input.map { ($0.key, $0.value) }
        try await bench.call("CreateChangeSet", pairs: all)
        let set = try await bench.call(
            "DescribeChangeSet",
            ["ChangeSetName": "set", "StackName": "shop", "IncludePropertyValues": "true"])
        return set.list("Changes").compactMap { $0["ResourceChange"] }
    }
}
