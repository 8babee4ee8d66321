import ServiceKit

/// Takes the policy of an access point away.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeleteAccessPointPolicy.html)
struct DeleteAccessPointPolicy: AWSOperation {
    let store: S3Store

    func permissions(for input: AccessPointInput, in call: Call) -> [Permission] {
        [input.permission("s3:DeleteAccessPointPolicy", in: call)]
    }

    func perform(_ input: AccessPointInput, in call: Call) async throws -> NoOutput {
        try await store.write(input.reference(in: call)) { transaction, point in
            guard point.policyText != nil else { throw ServiceError.noSuchAccessPointPolicy }
            try transaction.setPolicy(of: point, to: nil)
        }
        return NoOutput()
    }
}
