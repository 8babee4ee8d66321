import Compression

/// What a client says of the codings it takes (RFC 9110 section 12.5.3), read as forgivingly as DynamoDB reads it.
struct AcceptEncoding {
    private struct Preference {
        let coding: ContentCoding
        let weight: Double
    }

    private var preferences: [Preference] = []
    /// Of every coding that is not named.
    private var weightOfOthers: Double?

    init(_ field: String) {
        for entry in field.split(separator: ",") {
            let name = entry.prefix { $0 != ";" }.trimmingSpaces()
            let weight = AcceptEncoding.weight(of: entry.dropFirst(entry.prefix { $0 != ";" }.count))
            if name == "*" {
                weightOfOthers = weight
            } else if let coding = ContentCoding(name: name) {
                preferences.append(Preference(coding: coding, weight: weight))
            }
        }
    }

    /// The coding with the greatest weight, the first of several; `nil` where the client takes none.
    var preferred: ContentCoding? {
        var candidates = preferences
        if let weightOfOthers {
            let named = preferences.map(\.coding)
            candidates += [ContentCoding.gzip, .deflate].filter { !named.contains($0) }
                .map { Preference(coding: $0, weight: weightOfOthers) }
        }
        var best: Preference?
        for candidate in candidates where candidate.weight > best?.weight ?? 0 { best = candidate }
        return best?.coding
    }

    /// Of `;q=0.5`. What is no number counts as nothing said.
    private static func weight(of parameters: Substring) -> Double {
        var rest = parameters
        while let index = rest.firstIndex(of: "q") {
            rest = rest[index...].dropFirst()
            guard rest.first == "=" else { continue }
            let number = rest.dropFirst().prefix { $0 != ";" }.trimmingSpaces()
            return min(1, Double(number.hasSuffix(".") ? number + "0" : String(number)) ?? 1)
        }
        return 1
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
