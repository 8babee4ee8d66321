import ServiceKit

/// Shows a function's reservation.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html)
struct GetFunctionConcurrency: AWSOperation {
    let store: LambdaStore

    func permissions(for input: UnqualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: UnqualifiedName, in call: Call) async throws -> ReservedConcurrency {
        let key = input.functionName.key(in: call)
        guard let record = try await store.read({ try $0.function(key) }) else {
            throw ServiceError.functionNotFound(key.arn.description)
        }
        return ReservedConcurrency(count: record.reservedConcurrency)
    }
}
