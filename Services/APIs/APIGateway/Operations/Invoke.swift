import ServiceKit

/// Asks whether a caller may invoke a method whose authorization is AWS_IAM; the gateway asks before it invokes.
struct Invoke: AWSOperation {
    struct Input: InputShape {
        let resource: String
        init(_ member: Members) throws { resource = try member("Resource") }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("execute-api:Invoke", on: input.resource, owner: ARN(input.resource)?.account)]
    }

    func perform(_ input: Input, in call: Call) -> NoOutput { NoOutput() }
}
