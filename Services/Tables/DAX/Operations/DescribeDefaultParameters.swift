import ServiceKit

/// Lists the parameters with the values they have where no group says otherwise.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeDefaultParameters.html)
struct DescribeDefaultParameters: AWSOperation {
    struct Input: InputShape {
        let page: PageRequest

        init(_ member: Members) throws { page = try PageRequest(member) }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) throws -> ListOutput<ParameterDescription> {
        try input.page.requireFirst()
        return ListOutput("Parameters", all: ParameterDescription.all(of: .default))
    }
}
