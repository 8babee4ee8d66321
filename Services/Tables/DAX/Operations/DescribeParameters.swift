import ServiceKit

/// Lists the parameters of a group with their values.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeParameters.html)
struct DescribeParameters: AWSOperation {
    struct Input: InputShape {
        let parameterGroupName: String
        let source: String?
        let page: PageRequest

        init(_ member: Members) throws {
            parameterGroupName = try member("ParameterGroupName")
            source = try member("Source")
            page = try PageRequest(member)
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ParameterDescription> {
        try input.page.requireFirst()
        let group = try await store.read { try $0.parameterGroup(input.parameterGroupName, at: Place(call)) }
        let isWanted = input.source == nil || input.source == ParameterDescription.source
        return ListOutput("Parameters", all: isWanted ? ParameterDescription.all(of: group) : [])
    }
}
