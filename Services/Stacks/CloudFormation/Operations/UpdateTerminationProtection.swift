import ServiceKit

/// Says whether a stack may be deleted.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html)
struct UpdateTerminationProtection: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let isEnabled: Bool

        init(_ member: Members) throws {
            stackName = try member("StackName")
            isEnabled = try member("EnableTerminationProtection")
        }
    }

    struct Output: OutputShape {
        let id: String
        func write(to json: inout JSONWriter) { json.member("StackId", id) }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.stackName, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let place = Place(call)
        return try await store.write { transaction in
            var stack = try transaction.namedStack(input.stackName, at: place)
            guard stack.status != .deleteInProgress, stack.status != .deleteComplete else {
                throw ServiceError.stackState(stack, action: "updated")
            }
            stack.isProtected = input.isEnabled
            try transaction.put(stack)
            return Output(id: stack.id)
        }
    }
}
