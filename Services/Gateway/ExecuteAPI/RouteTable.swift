import ServiceKit

/// Finds the resource for a path: a literal part goes before `{name}`, that before `{name+}`.
struct RouteTable: Sendable {
    struct Match: Sendable {
        let resource: ResourceDefinition
        let method: MethodDefinition
        /// Path parameters, decoded.
        let parameters: [String: String]
    }

    private indirect enum Part: Sendable {
        case literal(String)
        case parameter(String)
        case greedy(String)

        init(_ text: Substring) {
            guard text.hasPrefix("{"), text.hasSuffix("}") else {
                self = .literal(String(text))
                return
            }
            let name = text.dropFirst().dropLast()
            self = name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .parameter(String(name))
        }

        /// What is tried first.
        var rank: Int {
            switch self {
            case .literal: 0
            case .parameter: 1
            case .greedy: 2
            }
        }
    }

    private struct Route: Sendable {
        let parts: [Part]
        let resource: ResourceDefinition
    }

    private let routes: [Route]

    init(_ resources: [ResourceDefinition]) {
        routes = resources.map { resource in
            Route(parts: resource.path.split(separator: "/").map(Part.init), resource: resource)
        }.sorted { left, right in
            left.parts.map(\.rank).lexicographicallyPrecedes(right.parts.map(\.rank))
        }
    }

    func match(method: String, path: String) -> Match? {
        let segments = path.split(separator: "/").map { segment in
            PercentEncoding.decode(segment.utf8).map { String(decoding: $0, as: UTF8.self) } ?? String(segment)
        }
        for route in routes {
            guard let parameters = RouteTable.parameters(of: segments, in: route.parts) else { continue }
            // The best path decides: a method it lacks is not looked for on a worse one.
            guard let method = route.resource.methods[method] ?? route.resource.methods["ANY"] else { return nil }
            return Match(resource: route.resource, method: method, parameters: parameters)
        }
        return nil
    }

    private static func parameters(of segments: [String], in parts: [Part]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, part) in parts.enumerated() {
            guard index < segments.count else { return nil }
            switch part {
            case .literal(let text):
                guard segments[index] == text else { return nil }
            case .parameter(let name): parameters[name] = segments[index]
            case .greedy(let name):
                parameters[name] = segments[index...].joined(separator: "/")
                return parameters
            }
        }
        return segments.count == parts.count ? parameters : nil
    }
}
