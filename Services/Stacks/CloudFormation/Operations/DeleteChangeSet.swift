import ServiceKit

/// Forgets a change set; one that is not there is deleted.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html)
struct DeleteChangeSet: AWSOperation {
    let store: StackStore

    func permissions(for input: ChangeSetReference, in call: Call) async throws -> [Permission] {
        [try await store.permission(onChangeSet: input.name, of: input.stackName, in: call)]
    }

    func perform(_ input: ChangeSetReference, in call: Call) async throws -> NoOutput {
        let place = Place(call)
        return try await store.write { snapshot in
            let set: ChangeSet
            do {
                (set, _) = try snapshot.requiredChangeSet(input.name, of: input.stackName, at: place)
            } catch let error as ServiceError where error.code == ServiceError.changeSetMissing("").code {
                return NoOutput()
            }
            guard set.executionStatus != .inProgress else {
                throw ServiceError.changeSetState(set, "deleted", "execution status", set.executionStatus.rawValue)
            }
            try snapshot.remove(set)
            return NoOutput()
        }
    }
}
