import ServiceKit

/// What is to be made of an image, as [sharp](https://sharp.pixelplumbing.com/api-resize) names it; nothing is enlarged.
package struct Transformation: Sendable, Equatable {
    /// How an image of other proportions meets width and height; with one of the two alone all do the same.
    package enum Fit: String, Sendable, CaseIterable {
        /// All of it, in proportion, on a canvas of exactly that size.
        case contain
        /// In proportion, the middle of it cut out.
        case cover
        /// Stretched.
        case fill
        /// In proportion, as large as both allow.
        case inside
        /// In proportion, as small as neither is undercut.
        case outside
    }

    package enum Format: String, Sendable, CaseIterable {
        case jpeg, png, webp, avif, heic, gif
        /// That of the image itself where browsers show it, else `plain`.
        case source
        /// JPEG; PNG where it can be seen through.
        case plain
    }

    /// In pixels; `nil` follows from the other.
    package let width: Int?
    package let height: Int?
    package let fit: Fit
    package let format: Format
    /// From 1 to 100; `nil` for the format's own. GIF and PNG know none.
    package let quality: Int?

    package init(width: Int?, height: Int?, fit: Fit, format: Format, quality: Int? = nil) {
        (self.width, self.height, self.fit, self.format, self.quality) = (width, height, fit, format, quality)
    }

    /// What is derived on upload: no edge longer than this.
    package static func thumbnail(edge: Int) -> Transformation {
        Transformation(width: edge, height: edge, fit: .inside, format: .plain)
    }
}

/// The form of a worker's arguments: `256x256,inside,plain,82`, a dash for what is not said.
extension Transformation {
    package var argument: String {
        func text(_ number: Int?) -> String { number.map(String.init) ?? "-" }
        return "\(text(width))x\(text(height)),\(fit.rawValue),\(format.rawValue),\(text(quality))"
    }

    /// `nil` for what is none.
    package init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let fit = Fit(rawValue: parts[1]), let format = Format(rawValue: parts[2]) else {
            return nil
        }
        let numbers = parts[0].split(separator: "x", omittingEmptySubsequences: false).map(String.init) + [parts[3]]
        let values = numbers.map { Int($0) }
        guard numbers.count == 3, zip(numbers, values).allSatisfy({ $0 == "-" || $1 != nil }) else { return nil }
        self.init(width: values[0], height: values[1], fit: fit, format: format, quality: values[2])
        guard isSensible else { return nil }
    }

    /// Whether its numbers are within what any image may have.
    package var isSensible: Bool {
        let edges = 1...ImageLimits.edge
        return edges.contains(width ?? 1) && edges.contains(height ?? 1) && (1...100).contains(quality ?? 1)
    }
}

/// As another service asks for it.
extension Transformation: InputShape {
    package init(_ member: Members) throws {
        let fit: String? = try member("Fit")
        let format: String? = try member("Format")
        guard let fit = Fit(rawValue: fit ?? "inside"), let format = Format(rawValue: format ?? "source") else {
            throw MemberError.invalid("unknown fit or format")
        }
        self.init(
            width: try member("Width"), height: try member("Height"), fit: fit, format: format,
            quality: try member("Quality"))
        guard isSensible else { throw MemberError.invalid("a number is out of range") }
    }
}
