import ServiceKit

/// Leaves a capacity as it is, and forgets its policies and scheduled actions.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html)
struct DeregisterScalableTarget: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference

        init(_ member: Members) throws { reference = try CapacityReference(member) }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let missing = ServiceError.noTarget(input.reference)
        let capacity = try input.reference.capacity(in: call, or: missing)
        let wasThere = try await scaling.write { try $0.deregister(capacity) }
        guard wasThere else { throw missing }
        return NoOutput()
    }
}
