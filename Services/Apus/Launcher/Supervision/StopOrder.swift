import ServiceKit

/// Who stops before whom: callers before those they call, `auth` last.
enum StopOrder {
    private static let stages: [Set<String>] = [
        ["gateway", "edge"],
        ["apis", "functions", "workflows", "stacks", "thumbnails", "email"],
        ["objects", "tables", "messages", "monitoring"],
    ]

    /// Executables nobody thought of here stop with the callers.
    static func stages(of names: [String]) -> [[String]] {
        let unknown = Set(names).subtracting(stages.joined()).subtracting(["auth"])
        let all = [stages[0], stages[1].union(unknown), stages[2], ["auth"]]
        return all.map { stage in names.filter(stage.contains) }.filter { !$0.isEmpty }
    }
}
