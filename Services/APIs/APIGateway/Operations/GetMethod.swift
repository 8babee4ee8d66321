import ServiceKit

/// Answers a method with its integration.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetMethod.html)
struct GetMethod: AWSOperation {
    struct Input: InputShape {
        let place: MethodPlace
        init(_ member: Members) throws { place = try MethodPlace(member) }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: input.place.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Method {
        try await store.method(input.place, in: call)
    }
}
