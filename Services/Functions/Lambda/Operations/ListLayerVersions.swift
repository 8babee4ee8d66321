import ServiceKit

/// Lists the versions of a layer, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListLayerVersions.html)
struct ListLayerVersions: AWSOperation {
    struct Input: InputShape {
        let layerName: LayerReferenceName
        let filter: LayerFilter

        init(_ member: Members) throws {
            layerName = try member("LayerName")
            filter = try LayerFilter(member)
        }
    }

    struct Output: OutputShape {
        let layers: [LayerVersion]
        let nextMarker: String?

        func write(to json: inout JSONWriter) {
            json.member("LayerVersions", layers)
            json.member("NextMarker", nextMarker)
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (name, filter) = (input.layerName.name(in: call), input.filter)
        guard name.account == call.account else { throw ServiceError.layerNotFound }
        let below = try filter.marker.map { marker in
            guard let number = Int(marker) else { throw ServiceError.invalid("Invalid Marker.") }
            return number
        }
        let found = try await store.read {
            try $0.layers(of: name, below: below ?? Int.max, limit: filter.limit + 1)
        }
        let page = found.prefix(filter.limit)
        return Output(
            layers: page.filter(filter.admits),
            nextMarker: found.count > page.count ? page.last.map { String($0.number) } : nil)
    }
}

/// What the lists of layers can be narrowed to, and their pages.
struct LayerFilter: Sendable {
    /// As many as AWS shows at once.
    private static let pageLimit = 50
    private let runtime: String?
    private let architecture: String?
    let marker: String?
    let limit: Int

    init(_ member: Members) throws {
        runtime = try member("CompatibleRuntime")
        architecture = try member("CompatibleArchitecture")
        marker = try member("Marker")
        limit = min(try member("MaxItems") ?? Self.pageLimit, Self.pageLimit)
    }

    func admits(_ layer: LayerVersion) -> Bool { layer.suits(runtime: runtime, architecture: architecture) }
}
