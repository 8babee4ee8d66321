import ServiceKit

/// Answers whether the policy of an access point lets everybody in.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPointPolicyStatus.html)
struct GetAccessPointPolicyStatus: AWSOperation {
    struct Output: OutputShape {
        let isPublic: Bool

        func write(to json: inout JSONWriter) {
            json.member("PolicyStatus") { $0.object { $0.member("IsPublic", isPublic) } }
        }
    }

    let store: S3Store

    func permissions(for input: AccessPointInput, in call: Call) -> [Permission] {
        [input.permission("s3:GetAccessPointPolicyStatus", in: call)]
    }

    func perform(_ input: AccessPointInput, in call: Call) async throws -> Output {
        let point = try await store.existingAccessPoint(input, in: call)
        guard point.policyText != nil else { throw ServiceError.noSuchAccessPointPolicy }
        return Output(isPublic: point.isPolicyPublic)
    }
}
