import ServiceKit
import TemplateLanguage

/// Tells of one resource of a stack.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html)
struct DescribeStackResource: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let logicalID: String

        init(_ member: Members) throws {
            stackName = try member("StackName")
            logicalID = try member("LogicalResourceId")
        }
    }

    struct Output: OutputShape {
        let resource: ResourceDescription
        func write(to json: inout JSONWriter) { json.member("StackResourceDetail", resource) }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            guard let stack = try snapshot.stack(input.stackName, at: Place(call)) else {
                throw ServiceError.validation("Stack '\(input.stackName)' does not exist")
            }
            guard let resource = try snapshot.resource(input.logicalID, of: stack.id) else {
                throw ServiceError.resourceMissing(input.logicalID, in: stack)
            }
            return Output(
                resource: ResourceDescription(
                    stack: stack, resource: resource, timeName: "LastUpdatedTimestamp",
                    metadata: metadata(of: resource, in: stack)))
        }
    }

    private func metadata(of resource: StackResource, in stack: Stack) -> [UInt8]? {
        let declared = try? Template(stack.definition.template).resources.first { $0.logicalID == resource.logicalID }
        var json = JSONWriter()
        json.value(declared?.metadata ?? .map(TemplateMap()))
        return json.bytes
    }
}
