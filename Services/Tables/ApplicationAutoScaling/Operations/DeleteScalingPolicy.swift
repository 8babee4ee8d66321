import ServiceKit

/// Deletes a policy; the capacity stays as it is.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScalingPolicy.html)
struct DeleteScalingPolicy: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference
        let policyName: String

        init(_ member: Members) throws {
            reference = try CapacityReference(member)
            policyName = try member("PolicyName")
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let missing = ServiceError.noPolicy(input.policyName, input.reference)
        let capacity = try input.reference.capacity(in: call, or: missing)
        let wasThere = try await scaling.write {
            try $0.delete(ScalingPolicy.self, input.policyName, of: capacity)
        }
        guard wasThere else { throw missing }
        return NoOutput()
    }
}
