import ServiceKit

/// The layers of functions: which there are, and the one folder of a function's layers that becomes `/opt`.
struct LayerLibrary: Sendable {
    let store: LambdaStore
    let packages: PackageStore

    /// As many as AWS lets one function have.
    private static let limit = 5

    /// The layers a function asks for, in the order they are laid over each other.
    ///
    /// - Throws: `InvalidParameterValueException` for what AWS refuses.
    func references(to texts: [String], in call: Call) async throws -> [LayerReference] {
        guard texts.count <= Self.limit else { throw ServiceError.tooManyLayers(Self.limit) }
        let wanted = try texts.map { text in
            guard let arn = LayerVersionARN(text) else { throw ServiceError.layerMissing(text) }
            guard arn.layer.region == call.region else { throw ServiceError.layerElsewhere(call.region) }
            return arn
        }
        for (index, arn) in wanted.enumerated() {
            guard let other = wanted[..<index].first(where: { $0.layer == arn.layer }) else { continue }
            throw ServiceError.layerTwice(other.layer.arn(other.number), arn.layer.arn(arn.number))
        }
        let layers = try await store.read { snapshot in
            try wanted.map { arn in
                guard let layer = try snapshot.layer(arn) else {
                    throw ServiceError.layerMissing(arn.layer.arn(arn.number))
                }
                return layer
            }
        }
        guard layers.reduce(0, { $0 + $1.unpackedSize }) <= PackageStore.unpackedLimit else {
            throw ServiceError.layersTooLarge
        }
        return layers.map { LayerReference(arn: $0.arn, codeSize: $0.package.size) }
    }

    /// The folder of these layers laid over each other, relative to the store of packages; `nil` without any.
    func folder(of references: [LayerReference]) async throws -> String? {
        guard !references.isEmpty else { return nil }
        let names = try await packageNames(of: references)
        return try packages.union(of: names)
    }

    /// Every package that a layer is, or that a function's layers were.
    ///
    /// - Parameter andUnions: also the folders they were laid together in, which other replicas' functions may be using.
    func packageNames(usedBy versions: [FunctionVersion], andUnions: Bool) async throws -> [String] {
        var names = try await store.read { try $0.layerPackages() }
        for version in versions where !version.layers.isEmpty {
            let own = try await packageNames(of: version.layers)
            names += own
            if andUnions { names.append(PackageStore.unionName(of: own)) }
        }
        return names
    }

    private func packageNames(of references: [LayerReference]) async throws -> [String] {
        try await store.read { snapshot in
            try references.map { reference in
                guard let arn = LayerVersionARN(reference.arn), let layer = try snapshot.layer(arn, deletedToo: true)
                else { throw ServiceError.noEnvironment("the layer \(reference.arn) is gone") }
                return layer.package.name
            }
        }
    }
}
