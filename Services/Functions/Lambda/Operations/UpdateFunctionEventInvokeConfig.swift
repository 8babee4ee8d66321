import ServiceKit

/// Changes what is given of an event configuration.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html)
struct UpdateFunctionEventInvokeConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: EventConfigurationInput, in call: Call) -> [Permission] {
        [Permission(on: input.name.functionName.key(in: call).arn)]
    }

    func perform(_ input: EventConfigurationInput, in call: Call) async throws -> EventConfiguration {
        try await store.change(input.name, in: call) { fresh, present in
            guard var changed = present else { throw ServiceError.noEventConfiguration(fresh.functionARN) }
            changed.retryAttempts = input.maximumRetryAttempts ?? changed.retryAttempts
            changed.maximumAgeSeconds = input.maximumEventAge ?? changed.maximumAgeSeconds
            changed.destinations = input.destinations ?? changed.destinations
            return changed
        }
    }
}
