import ServiceKit

/// Describes a version of a layer.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html)
struct GetLayerVersion: AWSOperation {
    let store: LambdaStore

    func permissions(for input: LayerVersionInput, in call: Call) -> [Permission] { [input.permission(in: call)] }

    func perform(_ input: LayerVersionInput, in call: Call) async throws -> LayerVersionOutput {
        guard let arn = input.arn(in: call) else { throw ServiceError.layerNumberTooSmall }
        guard let layer = try await store.read({ try $0.layer(arn) }) else { throw ServiceError.layerNotFound }
        return LayerVersionOutput(layer: layer)
    }
}

/// The input of operations on one version of a layer.
struct LayerVersionInput: InputShape {
    private let layerName: LayerReferenceName
    private let number: Int

    init(_ member: Members) throws {
        layerName = try member("LayerName")
        number = try member("VersionNumber")
    }

    /// `nil` for a number that no version has.
    func arn(in call: Call) -> LayerVersionARN? { LayerVersionARN(layerName.name(in: call).arn(number)) }

    func permission(in call: Call) -> Permission {
        let name = layerName.name(in: call)
        return Permission(on: name.arn(number), owner: name.account)
    }
}
