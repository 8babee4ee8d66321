import ServiceKit

/// Takes a bucket's other name away.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeleteAccessPoint.html)
struct DeleteAccessPoint: AWSOperation {
    let store: S3Store

    func permissions(for input: AccessPointInput, in call: Call) -> [Permission] {
        [input.permission("s3:DeleteAccessPoint", in: call)]
    }

    func perform(_ input: AccessPointInput, in call: Call) async throws -> NoOutput {
        try await store.write(input.reference(in: call)) { try $0.delete($1) }
        return NoOutput()
    }
}
