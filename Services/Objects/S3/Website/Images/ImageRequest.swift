import ServiceKit

/// The image that a visitor's query asks for: `?w=640&h=480&fit=cover&format=webp&q=75`.
struct ImageRequest: Sendable, Equatable {
    /// Changes whenever the same request would give other bytes: what was kept is then made anew.
    private static let rendererVersion = 2

    let width: Int?
    let height: Int?
    let fit: ImageFit
    /// What the renderer is told: a format, `source` for the image's own, `plain` for what every browser shows.
    let format: String
    let quality: Int?
    /// Whether the answer depends on the visitor's `Accept`.
    let isNegotiated: Bool

    /// `nil` where the query asks for no image: it is then passed over, as S3 does.
    ///
    /// - Parameter source: what it is made of.
    /// - Throws: `InvalidArgument`, `InvalidRequest`
    init?(query: String, accept: String?, rules: ImageRules, of source: ImageSource = .still) throws {
        guard Self.isAskedFor(by: query) else { return nil }
        let asked = try Self.parameters(of: query)
        if let fault = rules.fault {
            throw ServiceError.invalidRequest("The bucket's tag \(ImageRules.tag) is not understood at \(fault)")
        }
        width = try Self.number("w", in: asked, rules.widths)
        height = try Self.number("h", in: asked, rules.heights)
        quality = try Self.number("q", in: asked, rules.qualities)
        fit = try Self.word("fit", in: asked, rules.fits, ImageFit.init(rawValue:)) ?? .cover
        let named = try Self.word("format", in: asked, rules.formats, ImageFormat.init(name:))
        isNegotiated = named == .auto
        format =
            switch named {
            case .auto: Self.negotiated(accept ?? "", rules.formats, of: source)
            case let named?: named.rawValue
            case nil: "source"
            }
    }

    /// Under which the answer is kept. Width or height alone make all fits the same.
    var name: String {
        func text(_ number: Int?) -> String { number.map(String.init) ?? "-" }
        let fit = width == nil || height == nil ? ImageFit.inside : fit
        return "\(Self.rendererVersion) \(text(width))x\(text(height)) \(fit.rawValue) \(format) \(text(quality))"
    }

    /// Under which it is kept that nothing can be made of a file, whatever is asked for.
    static let nameOfAll = "\(rendererVersion)"

    func write(to json: inout JSONWriter) {
        json.member("Width", width)
        json.member("Height", height)
        json.member("Fit", fit.rawValue)
        json.member("Format", format)
        json.member("Quality", quality)
    }

    /// The entity tag of what is made of an object, unquoted: known before it is made.
    func etag(of object: StoredObject) -> String {
        Hex.string(SHA256.hash("\(object.etag) \(object.version) \(name)").prefix(16))
    }

    /// What may move goes on moving: no AVIF of it, and a GIF stays one where WebP is not for the visitor.
    private static func negotiated(
        _ accept: String, _ allowed: Set<ImageFormat>, of source: ImageSource
    ) -> String {
        let formats: [ImageFormat] = source == .still ? [.avif, .webp] : [.webp]
        let best = formats.first { allowed.contains($0) && accepts("image/\($0.rawValue)", accept) }
        return best?.rawValue ?? (source == .gif ? "source" : "plain")
    }

    /// Whether the header names the type itself: browsers say `*/*` for what they cannot show, too.
    private static func accepts(_ type: String, _ accept: String) -> Bool {
        accept.split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            return parts.first == type
                && !parts.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
        }
    }

    // MARK: - The query

    private static let names: Set<String> = ["w", "h", "fit", "format", "q"]

    /// Whether a query names an edge or a format.
    static func isAskedFor(by query: String) -> Bool {
        query.split(separator: "&").contains { item in
            let name = item.prefix { $0 != "=" }
            return name == "w" || name == "h" || name == "format"
        }
    }

    private static func parameters(of query: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard names.contains(String(parts[0])) else { continue }
            let name = String(parts[0])
            let bytes = PercentEncoding.decode((parts.count > 1 ? parts[1] : "").utf8, plusIsSpace: true)
            guard let bytes, let value = String(validating: bytes, as: UTF8.self), found[name] == nil else {
                throw ServiceError.invalidArgument("\(name) must be given once", name, String(item.prefix(64)))
            }
            found[name] = value
        }
        return found
    }

    private static func number(
        _ name: String, in asked: [String: String], _ allowed: ImageRules.Numbers
    ) throws -> Int? {
        guard let text = asked[name] else { return nil }
        let isPlain = text.utf8.allSatisfy { (48...57).contains($0) }
        guard isPlain, let number = Int(text), allowed.contains(number) else {
            throw ServiceError.invalidArgument(
                "\(name) must be a whole number \(allowed)", name, String(text.prefix(64)))
        }
        return number
    }

    private static func word<Word: Hashable & RawRepresentable<String>>(
        _ name: String, in asked: [String: String], _ allowed: Set<Word>, _ read: (String) -> Word?
    ) throws -> Word? {
        guard let text = asked[name] else { return nil }
        guard let word = read(text), allowed.contains(word) else {
            let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            throw ServiceError.invalidArgument("\(name) must be one of \(list)", name, String(text.prefix(64)))
        }
        return word
    }
}

/// What is known of an object before it is read: whether its pictures may move.
enum ImageSource: Sendable {
    case still
    case gif
    case webp

    init(_ key: String, type: String?) {
        let name = key.lowercased()
        let isNamed = type.map { !$0.hasPrefix("image/") } ?? true
        switch type {
        case "image/gif": self = .gif
        case "image/webp": self = .webp
        case _ where isNamed && name.hasSuffix(".gif"): self = .gif
        case _ where isNamed && name.hasSuffix(".webp"): self = .webp
        default: self = .still
        }
    }
}

extension ImageRequest {
    private static let suffixes = [
        ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".tif", ".tiff",
    ]

    /// Whether an object is an image that others can be made of, by what is said of it. Drawings scale by themselves, and
    /// are answered as they are.
    static func concerns(_ key: String, type: String?) -> Bool {
        if let type, type.hasPrefix("image/") { return !type.hasPrefix("image/svg") }
        guard type == nil || type == "binary/octet-stream" || type == "application/octet-stream" else { return false }
        let name = key.lowercased()
        return suffixes.contains { name.hasSuffix($0) }
    }
}
