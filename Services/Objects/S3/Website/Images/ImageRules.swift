import ServiceKit

/// Which images a bucket lets visitors of its website ask for: the value of the bucket's tag `apus:images`.
///
///     apus:images = on
///     apus:images = w=320:640:1280 h=16-1080 fit=inside:cover format=auto:webp:jpeg q=40-90
///
/// What is not named may be what it likes, up to `largestEdge`. `w` and `h` are lists or ranges of pixels.
struct ImageRules: Sendable, Equatable {
    static let tag = "apus:images"
    /// No wider and no higher, whatever a bucket says.
    static let largestEdge = 4096
    /// Where a bucket says nothing.
    static let usualEdge = 2048

    enum Numbers: Sendable, Equatable {
        case range(ClosedRange<Int>)
        case list([Int])

        func contains(_ number: Int) -> Bool {
            switch self {
            case .range(let range): range.contains(number)
            case .list(let list): list.contains(number)
            }
        }
    }

    private(set) var widths = Numbers.range(1...usualEdge)
    private(set) var heights = Numbers.range(1...usualEdge)
    private(set) var qualities = Numbers.range(1...100)
    private(set) var fits = Set(ImageFit.allCases)
    private(set) var formats = Set(ImageFormat.allCases)
    /// The first word that makes no sense: then nothing is allowed, rather than everything.
    private(set) var fault: String?

    /// `nil` where the bucket does not ask for derivation.
    init?(in configurations: [ConfigurationKind: JSONValue]) throws {
        guard let tags = configurations[.tagging]?["TagSet"],
            let value = try [Tag](json: tags).first(where: { $0.key == Self.tag })?.value, value != "off"
        else { return nil }
        self.init(value)
    }

    init(_ value: String) {
        for word in value.split(whereSeparator: \.isWhitespace) where word != "on" && !take(word) {
            fault = fault ?? String(word)
        }
    }

    /// Whether the word was understood.
    private mutating func take(_ word: Substring) -> Bool {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        switch parts[0] {
        case "w": return set(\.widths, to: Self.numbers(parts[1], upTo: Self.largestEdge))
        case "h": return set(\.heights, to: Self.numbers(parts[1], upTo: Self.largestEdge))
        case "q": return set(\.qualities, to: Self.numbers(parts[1], upTo: 100))
        case "fit": return set(\.fits, to: Self.words(parts[1], ImageFit.init(rawValue:)))
        case "format": return set(\.formats, to: Self.words(parts[1], ImageFormat.init(name:)))
        default: return false
        }
    }

    private mutating func set<Value>(_ path: WritableKeyPath<ImageRules, Value>, to value: Value?) -> Bool {
        guard let value else { return false }
        self[keyPath: path] = value
        return true
    }

    /// `16-1080`, `320:640`, `640`
    private static func numbers(_ text: Substring, upTo limit: Int) -> Numbers? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        if bounds.count == 2 {
            guard let low = Int(bounds[0]), let high = Int(bounds[1]), low >= 1, low <= high, high <= limit else {
                return nil
            }
            return .range(low...high)
        }
        let list = words(text) { Int($0) }
        guard let list, list.allSatisfy({ (1...limit).contains($0) }) else { return nil }
        return .list(list.sorted())
    }

    private static func words<Value: Hashable>(_ text: Substring, _ read: (String) -> Value?) -> Set<Value>? {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        let values = words.compactMap { read(String($0)) }
        return values.count == words.count ? Set(values) : nil
    }
}

extension ImageRules.Numbers: CustomStringConvertible {
    /// As an error says it.
    var description: String {
        switch self {
        case .range(let range): "from \(range.lowerBound) to \(range.upperBound)"
        case .list(let list): "one of \(list.map(String.init).joined(separator: ", "))"
        }
    }
}

/// How an image of other proportions meets width and height, by
/// [sharp](https://sharp.pixelplumbing.com/api-resize)'s names.
enum ImageFit: String, Sendable, CaseIterable { case contain, cover, fill, inside, outside }

/// What a visitor may ask an image to be.
enum ImageFormat: String, Sendable, CaseIterable {
    /// The best of those allowed that the visitor's `Accept` names.
    case auto
    case jpeg, png, webp, avif, heic, gif

    init?(name: String) { self.init(rawValue: name == "jpg" ? "jpeg" : name) }
}
