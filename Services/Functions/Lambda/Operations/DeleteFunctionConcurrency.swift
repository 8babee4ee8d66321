import ServiceKit

/// Gives a function's reservation up.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html)
struct DeleteFunctionConcurrency: AWSOperation {
    let store: LambdaStore
    let fleet: Fleet

    func permissions(for input: UnqualifiedName, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: UnqualifiedName, in call: Call) async throws -> NoOutput {
        let key = input.functionName.key(in: call)
        let reservedByAll = try await store.write { transaction in
            guard try transaction.function(key) != nil else { throw ServiceError.functionNotFound(key.arn.description) }
            try transaction.setReservedConcurrency(nil, of: key)
            return try transaction.reservedConcurrency(account: key.account, region: key.region, except: key.name)
        }
        fleet.setReservedByAll(reservedByAll)
        return NoOutput()
    }
}
