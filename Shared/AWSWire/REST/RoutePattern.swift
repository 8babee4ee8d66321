import Bytes
import HTTPTypes

/// A model's URI: `/{Bucket}/{Key+}?uploads`, and what else a request must have to mean its operation.
final class RoutePattern: Sendable {
    private enum Segment: Sendable {
        case literal(String)
        case label(String)
        /// The rest of the path, slashes and empty segments included.
        case greedy(String)
    }

    let operation: OperationModel
    private let segments: [Segment]
    /// A label takes the rest of the path, a slash at its end included.
    let isGreedy: Bool
    /// `uploads`, `list-type=2`
    let queryLiterals: [QueryItem]
    /// Parameters of required members: they tell UploadPart from PutObject.
    private let requiredQuery: [String]
    private let requiredHeaders: [String]

    init(_ operation: OperationModel, _ model: ServiceModel) {
        self.operation = operation
        let parts = operation.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = PathSegments.split(parts[0]).map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .label(String(name))
        }
        isGreedy = segments.contains { if case .greedy = $0 { true } else { false } }
        let identity = model.service == S3Wire.service ? S3Wire.identified[operation.name] : nil
        queryLiterals =
            (parts.count > 1 ? QueryItem.parse(parts[1].utf8) : [])
            + (identity.map { [QueryItem(name: $0, value: operation.name)] } ?? [])
        let required = operation.input.map { model[$0].members.filter(\.isRequired) } ?? []
        requiredQuery = required.filter { $0.location == .query }.map(\.wireName)
        requiredHeaders = required.filter { $0.location == .header && $0.wireName == "x-amz-copy-source" }.map(
            \.wireName)
    }

    /// Whether a request without a query cannot mean it.
    var needsQuery: Bool { !queryLiterals.isEmpty }

    /// Patterns with more of it are tried first.
    var specificity: (Int, Int, Int) {
        let literals = segments.count { if case .literal = $0 { true } else { false } }
        return (literals, queryLiterals.count, requiredQuery.count + requiredHeaders.count + (isGreedy ? 0 : 1))
    }

    func hasRequired(_ request: WireRequest) -> Bool {
        requiredQuery.allSatisfy { name in request.query.contains { $0.name == name } }
            && requiredHeaders.allSatisfy { request.fields.contains($0) }
    }

    /// The labels of a path that fits, `nil` for others.
    func labels(of path: [Substring], _ query: [QueryItem]) -> [WireCall.Label]? {
        guard path.count == segments.count || (isGreedy && path.count > segments.count) else { return nil }
        for literal in queryLiterals where !query.contains(literal) { return nil }
        var labels: [WireCall.Label] = []
        var position = 0
        for segment in segments {
            switch segment {
            case .literal(let text):
                guard path[position] == text else { return nil }
                position += 1
            case .label(let name):
                guard !path[position].isEmpty else { return nil }
                labels.append(RoutePattern.label(name, path[position]))
                position += 1
            case .greedy(let name):
                // It takes all but one segment for each that follows in the pattern.
                let end = position + 1 + path.count - segments.count
                let rest = end == position + 1 ? path[position] : path[position..<end].joined(separator: "/")[...]
                guard !rest.isEmpty else { return nil }
                labels.append(RoutePattern.label(name, rest))
                position = end
            }
        }
        return labels
    }

    private static func label(_ name: String, _ text: Substring) -> WireCall.Label {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return WireCall.Label(name: name, value: String(text)) }
        let bytes = PercentEncoding.decode(text.utf8) ?? Array(text.utf8)
        return WireCall.Label(name: name, value: String(decoding: bytes, as: UTF8.self))
    }
}

enum PathSegments {
    /// Segments between slashes; a slash at the end is none of its own unless a key may follow.
    static func split(_ path: some StringProtocol) -> [Substring] {
        var segments = Substring(path).split(separator: "/", omittingEmptySubsequences: false)
        if segments.first?.isEmpty == true { segments.removeFirst() }
        if segments.last?.isEmpty == true { segments.removeLast() }
        return segments
    }
}
