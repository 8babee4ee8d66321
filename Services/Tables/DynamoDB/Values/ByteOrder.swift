#if canImport(Glibc)
    import Glibc
#endif

/// Unsigned lexicographic order of byte strings: that of binary values, of UTF-8 and of SQLite's blobs.
enum ByteOrder {
    /// Negative, zero or positive as `left` sorts before, with or after `right`.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let first = left.baseAddress, let second = right.baseAddress {
            let order = memcmp(first, second, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }

    static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { compare(left, $0) } }
    }

    static func isOrdered(_ left: [UInt8], _ right: [UInt8]) -> Bool { compare(left, right) < 0 }

    /// Whether `part` occurs somewhere in `whole`; the empty string occurs everywhere.
    ///
    /// Knuth–Morris–Pratt: linear also for hostile strings of 400 KB.
    static func contains(_ whole: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        guard part.count <= whole.count else { return false }
        guard part.count > 0 else { return true }
        let fallbacks = fallbackTable(of: part)
        var matched = 0
        for byte in whole {
            while matched > 0, part[matched] != byte { matched = fallbacks[matched - 1] }
            if part[matched] == byte { matched += 1 }
            if matched == part.count { return true }
        }
        return false
    }

    /// For each prefix, the length of its longest proper prefix that is also its suffix.
    private static func fallbackTable(of part: UnsafeBufferPointer<UInt8>) -> [Int] {
        var table = [Int](repeating: 0, count: part.count)
        var matched = 0
        for index in 1..<max(1, part.count) {
            while matched > 0, part[matched] != part[index] { matched = table[matched - 1] }
            if part[matched] == part[index] { matched += 1 }
            table[index] = matched
        }
        return table
    }
}
