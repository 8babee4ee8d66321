import ServiceKit

/// Answers the policy of an access point.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPointPolicy.html)
struct GetAccessPointPolicy: AWSOperation {
    struct Output: OutputShape {
        let policy: String
        func write(to json: inout JSONWriter) { json.member("Policy", policy) }
    }

    let store: S3Store

    func permissions(for input: AccessPointInput, in call: Call) -> [Permission] {
        [input.permission("s3:GetAccessPointPolicy", in: call)]
    }

    func perform(_ input: AccessPointInput, in call: Call) async throws -> Output {
        let point = try await store.existingAccessPoint(input, in: call)
        guard let policy = point.policyText else { throw ServiceError.noSuchAccessPointPolicy }
        return Output(policy: policy)
    }
}

extension ServiceError {
    static let noSuchAccessPointPolicy = ServiceError(
        "NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist", status: 404)
}
