/// What the command line asks for.
struct Options {
    let folder: String
    let seconds: Double
    let items: Int
    /// The value of the tag `apus:cache`.
    let cache: String?
    private let operations: [Substring]

    init(_ arguments: [String]) {
        folder = "\(arguments.dropFirst().first ?? "/tmp")/tables-bench"
        seconds = arguments.dropFirst(2).first.flatMap(Double.init) ?? 3
        items = arguments.dropFirst(3).first.flatMap(Int.init) ?? 20000
        cache = arguments.dropFirst(5).first
        operations = arguments.dropFirst(4).first?.split(separator: ",") ?? []
    }

    /// All, unless some were named: `GetItem` is also the beginning of a name.
    func wants(_ name: String) -> Bool { operations.isEmpty || operations.contains { name.hasPrefix($0) } }
}
