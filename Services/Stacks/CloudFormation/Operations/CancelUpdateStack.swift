import ServiceKit

/// Takes an update back that is under way.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html)
struct CancelUpdateStack: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let clientRequestToken: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            clientRequestToken = try member("ClientRequestToken")
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { snapshot in
            var stack = try snapshot.livingStack(input.stackName, at: Place(call))
            guard stack.status == .updateInProgress else {
                throw ServiceError.validation(
                    "CancelUpdateStack cannot be called from current stack status")
            }
            stack.operation?.isCancelled = true
            try snapshot.put(stack)
        }
        return NoOutput()
    }
}
