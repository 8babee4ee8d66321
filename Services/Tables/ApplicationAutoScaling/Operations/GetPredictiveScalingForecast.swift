import ServiceKit

/// Refuses to foretell: DynamoDB's capacity has no predictive policies, on AWS as here.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_GetPredictiveScalingForecast.html)
struct GetPredictiveScalingForecast: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference

        init(_ member: Members) throws { reference = try CapacityReference(member) }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) throws -> NoOutput {
        throw ServiceError.validation(
            "Predictive scaling is not supported for \(input.reference.text)")
    }
}
