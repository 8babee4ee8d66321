import ServiceKit

/// Makes a version of a layer of an archive.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html)
struct PublishLayerVersion: AWSOperation {
    struct Input: InputShape {
        let layerName: LayerReferenceName
        let description: String?
        let content: LayerContent
        let compatibleRuntimes: [String]
        let licenseInfo: String?
        let compatibleArchitectures: [String]

        init(_ member: Members) throws {
            layerName = try member("LayerName")
            description = try member("Description")
            content = try member("Content")
            compatibleRuntimes = try member("CompatibleRuntimes") ?? []
            licenseInfo = try member("LicenseInfo")
            compatibleArchitectures = try member("CompatibleArchitectures") ?? []
        }
    }

    struct LayerContent: InputShape {
        let source: CodeSource

        init(_ member: Members) throws {
            source = CodeSource(
                zipFile: try member("ZipFile"), bucket: try member("S3Bucket"), key: try member("S3Key"),
                objectVersion: try member("S3ObjectVersion"))
        }
    }

    let store: LambdaStore
    let packages: PackageStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let name = input.layerName.name(in: call)
        return [Permission(on: name.arn, owner: name.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> LayerVersionOutput {
        let name = input.layerName.name(in: call)
        let archive = try await input.content.source.archive(by: client, in: call)
        let (package, unpackedSize) = try await packages.addLayer(archive)
        let layer = try await store.write { transaction in
            let layer = LayerVersion(
                name: name, number: try transaction.nextLayerNumber(of: name), package: package,
                unpackedSize: unpackedSize, description: input.description ?? "", licenseInfo: input.licenseInfo,
                compatibleRuntimes: input.compatibleRuntimes, compatibleArchitectures: input.compatibleArchitectures,
                created: call.now)
            try transaction.insert(layer)
            return layer
        }
        return LayerVersionOutput(layer: layer)
    }
}
