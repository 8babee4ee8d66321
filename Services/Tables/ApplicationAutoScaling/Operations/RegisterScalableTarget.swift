import ServiceKit

/// Registers a capacity to be scaled, or changes its bounds or what is suspended of it.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html)
struct RegisterScalableTarget: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference
        let minCapacity: Int64?
        let maxCapacity: Int64?
        let roleARN: String?
        let suspendedState: ScalableTarget.Suspension?
        let tags: [String: String]?

        init(_ member: Members) throws {
            reference = try CapacityReference(member)
            minCapacity = try member("MinCapacity")
            maxCapacity = try member("MaxCapacity")
            roleARN = try member("RoleARN")
            suspendedState = try member("SuspendedState")
            tags = try member("Tags")
        }
    }

    struct Output: OutputShape {
        let scalableTargetARN: ARN

        func write(to json: inout JSONWriter) { json.member("ScalableTargetARN", scalableTargetARN) }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let capacity = try input.reference.capacity(in: call)
        // As on AWS, the service's own role is used whichever is named; but not another account's.
        if let role = input.roleARN, let account = ARN(role)?.account, account != call.account {
            throw ServiceError.crossAccountRole
        }
        let target = try await scaling.write { transaction in
            let isNew = try transaction.target(capacity) == nil
            guard isNew || (input.tags ?? [:]).isEmpty else {
                throw ServiceError.validation(
                    "Tags can only be specified when a scalable target is registered; use TagResource.")
            }
            return try scaling.register(
                capacity, minimum: input.minCapacity, maximum: input.maxCapacity, in: transaction, at: call.now
            ) { target in
                target.suspension = input.suspendedState ?? target.suspension
                try target.add(input.tags ?? [:])
            }
        }
        return Output(scalableTargetARN: target.arn)
    }
}
