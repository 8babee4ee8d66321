import ServiceKit
import TemplateLanguage

/// A value that a stack offers to others.
struct Export: OutputShape {
    let name: String
    let value: String
    let stackID: String

    func write(to json: inout JSONWriter) {
        json.member("ExportingStackId", stackID)
        json.member("Name", name)
        json.member("Value", value)
    }
}

extension StackSnapshot {
    /// In the order of their names.
    func exports(at place: Place, after name: String = "", limit: Int = .max) throws -> [Export] {
        try base.rows(
            "SELECT name, value, stack FROM export WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
            place.account, place.region, name, limit
        ) { Export(name: try $0[0], value: try $0[1], stackID: try $0[2]) }
    }

    /// The names of the stacks that import a value, in their order.
    func importers(of name: String, at place: Place) throws -> [String] {
        try base.rows(
            """
            SELECT stack.name FROM import JOIN stack ON stack.id = import.stack
            WHERE import.account = ? AND import.region = ? AND import.name = ? ORDER BY stack.name
            """, place.account, place.region, name
        ) { try $0[0] }
    }
}

extension StackSnapshot where Base == Transaction {
    /// What a stack exports and imports from now on.
    ///
    /// - Throws: `TemplateError` for a name that another stack exports, and for changes to what is imported.
    func setExports(_ outputs: [EvaluatedOutput], imports: Set<String>, of stack: Stack) throws {
        let place = stack.place
        let old = try exports(at: place).filter { $0.stackID == stack.id }
        var new: [String: String] = [:]
        for output in outputs {
            guard let name = output.exportName else { continue }
            guard new[name] == nil else { throw TemplateError("Output \(output.name) is exported twice: \(name)") }
            new[name] = output.value
        }
        for export in old where new[export.name] != export.value {
            guard let importer = try importers(of: export.name, at: place).first(where: { $0 != stack.name }) else {
                continue
            }
            let verb = new[export.name] == nil ? "deleted" : "updated"
            throw TemplateError("Export \(export.name) cannot be \(verb) as it is in use by \(importer)")
        }
        try base.execute("DELETE FROM export WHERE stack = ?", stack.id)
        try base.execute("DELETE FROM import WHERE stack = ?", stack.id)
        for (name, value) in new {
            if let other: String = try base.value(
                "SELECT stack FROM export WHERE account = ? AND region = ? AND name = ?", place.account, place.region,
                name)
            {
                let other = ARN.stackName(in: other)
                throw TemplateError("Export with name \(name) is already exported by stack \(other).")
            }
            try base.execute(
                "INSERT INTO export (account, region, name, stack, value) VALUES (?, ?, ?, ?, ?)", place.account,
                place.region, name, stack.id, value)
        }
        for name in imports {
            try base.execute(
                "INSERT INTO import (account, region, name, stack) VALUES (?, ?, ?, ?)", place.account, place.region,
                name, stack.id)
        }
    }
}

extension ARN {
    /// The name in a stack's ID.
    static func stackName(in id: String) -> String {
        let parts = id.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : id
    }
}
