import ServiceKit

/// Has a target follow its consumption, or changes how it does.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html)
struct PutScalingPolicy: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference
        let policyName: String
        let policyType: String?
        let tracking: Configuration?

        init(_ member: Members) throws {
            reference = try CapacityReference(member)
            policyName = try member("PolicyName")
            policyType = try member("PolicyType")
            tracking = try member("TargetTrackingScalingPolicyConfiguration")
        }
    }

    /// `TargetTrackingScalingPolicyConfiguration`
    struct Configuration: InputShape {
        let tracking: TargetTracking
        let metric: Metric?
        let hasCustomMetric: Bool

        init(_ member: Members) throws {
            tracking = try TargetTracking(member)
            metric = try member("PredefinedMetricSpecification")
            hasCustomMetric = member.contains("CustomizedMetricSpecification")
        }

        /// - Throws: `ValidationException` for a metric that is not the capacity's own.
        func validate(for capacity: ScalableCapacity) throws(ServiceError) {
            guard !hasCustomMetric else {
                throw .validation(
                    "CustomizedMetricSpecification is not available here: there are no CloudWatch metrics to follow. "
                        + "Use PredefinedMetricSpecification with \(capacity.metric).")
            }
            guard let metric else {
                throw .validation("PredefinedMetricSpecification or CustomizedMetricSpecification must be specified.")
            }
            guard metric.type == capacity.metric, metric.resourceLabel == nil else {
                throw .validation(
                    "The predefined metric type \(metric.type) is not supported for the scalable dimension "
                        + "\(capacity.dimension).")
            }
        }
    }

    /// `PredefinedMetricSpecification`
    struct Metric: InputShape {
        let type: String
        let resourceLabel: String?

        init(_ member: Members) throws {
            type = try member("PredefinedMetricType")
            resourceLabel = try member("ResourceLabel")
        }
    }

    struct Output: OutputShape {
        let policyARN: ARN
        let alarms: [AlarmDescription]

        func write(to json: inout JSONWriter) {
            json.member("PolicyARN", policyARN)
            json.member("Alarms", alarms)
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let capacity = try input.reference.capacity(in: call)
        return try await scaling.write { transaction in
            guard let target = try transaction.target(capacity) else {
                throw ServiceError.notRegistered(input.reference)
            }
            let known: ScalingPolicy? = try transaction.part(input.policyName, of: capacity)
            let tracking = try input.tracking(of: capacity, instead: known?.tracking)
            let policy = try scaling.put(input.policyName, tracking, of: capacity, in: transaction, at: call.now)
            return Output(policyARN: ScalingPolicyDescription(policy, of: target).arn, alarms: policy.alarms)
        }
    }
}

extension PutScalingPolicy.Input {
    private static let type = "TargetTrackingScaling"

    /// - Throws: `ValidationException` for policies of another type, which AWS has not for DynamoDB either.
    fileprivate func tracking(
        of capacity: ScalableCapacity, instead known: TargetTracking?
    ) throws(ServiceError) -> TargetTracking {
        // AWS's own default is the other type.
        guard policyType ?? (known == nil ? "StepScaling" : Self.type) == Self.type else {
            throw .validation(
                "The policy type \(policyType ?? "StepScaling") is not supported for the service namespace dynamodb. "
                    + "Use \(Self.type).")
        }
        guard let configuration = tracking else {
            guard let known else {
                throw .validation("TargetTrackingScalingPolicyConfiguration must be specified for \(Self.type).")
            }
            return known
        }
        try configuration.validate(for: capacity)
        return configuration.tracking
    }
}
