/// What a value takes once its aliases are written out.
struct YAMLCost {
    static let one = YAMLCost(nodes: 1, bytes: 0, height: 0)
    /// Far beyond what templates have: the nodes of a megabyte with nothing but brackets are more.
    static let maximumNodes = 250_000
    static let maximumBytes = 8 << 20

    var nodes: Int
    /// Of text.
    var bytes: Int
    /// Levels of containers.
    var height: Int

    mutating func add(_ inner: YAMLCost) {
        nodes += inner.nodes
        bytes += inner.bytes
        height = max(height, inner.height + 1)
    }
}
