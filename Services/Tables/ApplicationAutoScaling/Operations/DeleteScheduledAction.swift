import ServiceKit

/// Deletes a scheduled action; the bounds it gave stay.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScheduledAction.html)
struct DeleteScheduledAction: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference
        let scheduledActionName: String

        init(_ member: Members) throws {
            reference = try CapacityReference(member)
            scheduledActionName = try member("ScheduledActionName")
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let missing = ServiceError.noAction(input.scheduledActionName, input.reference)
        let capacity = try input.reference.capacity(in: call, or: missing)
        let wasThere = try await scaling.write {
            try $0.delete(ScheduledAction.self, input.scheduledActionName, of: capacity)
        }
        guard wasThere else { throw missing }
        return NoOutput()
    }
}
