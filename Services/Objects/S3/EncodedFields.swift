extension String {
    /// The words of what a column holds. Words of text in general are a costlier matter: these are ASCII.
    var encodedFields: [Substring] { utf8.split(separator: UInt8(ascii: " ")).map(Substring.init) }
}
