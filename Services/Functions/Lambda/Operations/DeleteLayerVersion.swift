import ServiceKit

/// Takes a version of a layer away; functions that have it keep it.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html)
struct DeleteLayerVersion: AWSOperation {
    let store: LambdaStore

    func permissions(for input: LayerVersionInput, in call: Call) -> [Permission] { [input.permission(in: call)] }

    func perform(_ input: LayerVersionInput, in call: Call) async throws -> NoOutput {
        guard let arn = input.arn(in: call) else { throw ServiceError.layerNumberTooSmall }
        try await store.write { try $0.deleteLayer(arn) }
        return NoOutput()
    }
}
