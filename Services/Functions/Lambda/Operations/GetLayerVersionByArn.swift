import ServiceKit

/// Describes a version of a layer, named by its ARN.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html)
struct GetLayerVersionByArn: AWSOperation {
    struct Input: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("Arn") }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] { [try arn(input).permission] }

    func perform(_ input: Input, in call: Call) async throws -> LayerVersionOutput {
        let arn = try arn(input)
        guard let layer = try await store.read({ try $0.layer(arn) }) else { throw ServiceError.layerNotFound }
        return LayerVersionOutput(layer: layer)
    }

    private func arn(_ input: Input) throws -> LayerVersionARN {
        guard let arn = LayerVersionARN(input.arn) else { throw ServiceError.layerNotFound }
        return arn
    }
}
