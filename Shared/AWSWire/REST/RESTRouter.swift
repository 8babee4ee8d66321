import HTTPTypes

/// Finds the operation of a REST request by method, path and query.
struct RESTRouter: Sendable {
    private let routes: [String: [RoutePattern]]
    /// The few that a request without a query can mean: most requests, and S3 has many with one.
    private let plainRoutes: [String: [RoutePattern]]
    private let needsRequired: Bool

    init(_ model: ServiceModel) {
        let isREST = model.metadata.protocols.contains { $0 == .restJSON || $0 == .restXML }
        let operations = isREST ? model.operations.values.sorted { $0.name < $1.name } : []
        let patterns = operations.filter { !S3Wire.superseded.contains($0.name) || model.service != S3Wire.service }
            .map { RoutePattern($0, model) }
            .sorted { $0.specificity > $1.specificity }
        routes = Dictionary(grouping: patterns, by: \.operation.method)
        plainRoutes = routes.mapValues { $0.filter { !$0.needsQuery } }
        // S3 tells operations apart by parameters; elsewhere a missing one is the operation's own error.
        needsRequired = model.service == S3Wire.service
    }

    func call(of request: WireRequest) -> WireCall? {
        let routes = request.query.isEmpty ? plainRoutes : routes
        guard let candidates = routes[request.method] else { return nil }
        let path = PathSegments.split(request.path)
        let greedyPath = request.path.hasSuffix("/") && path.count > 1 ? path + [""] : path
        var incomplete: WireCall?
        for pattern in candidates {
            let hasRequired = pattern.hasRequired(request)
            guard hasRequired || !needsRequired,
                let labels = pattern.labels(of: pattern.isGreedy ? greedyPath : path, request.query)
            else { continue }
            let call = WireCall(pattern.operation, labels: labels)
            if hasRequired { return call }
            if incomplete == nil { incomplete = call }
        }
        return incomplete
    }
}
