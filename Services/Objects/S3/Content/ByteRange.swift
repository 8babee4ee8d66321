import ServiceKit

/// A `Range` header, RFC 9110 section 14.2, as far as S3 answers it: one range of bytes.
enum ByteRange: Equatable {
    case from(Int64)
    case between(Int64, Int64)
    case last(Int64)

    /// `nil` for several ranges, other units and whatever cannot be read: then the whole is answered.
    init?(_ header: String) {
        guard header.hasPrefix("bytes=") else { return nil }
        let bounds = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        switch (Self.number(bounds[0]), Self.number(bounds[1])) {
        case (let first?, let last?) where first <= last: self = .between(first, last)
        case (let first?, nil) where bounds[1].isEmpty: self = .from(first)
        case (nil, let count?) where bounds[0].isEmpty: self = .last(count)
        default: return nil
        }
    }

    /// The bytes meant of an object of this size; `nil` if there are none.
    func resolved(in size: Int64) -> Range<Int64>? {
        switch self {
        case .from(let first): first < size ? first..<size : nil
        case .between(let first, let last): first < size ? first..<min(last, size - 1) + 1 : nil
        case .last(let count): count > 0 && size > 0 ? max(0, size - count)..<size : nil
        }
    }

    /// Digits only: no sign, no space.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }
}
