import Bytes
import JSON

/// Reads and validates a policy document.
struct PolicyParser {
    let use: Policy.Use
    private var allowsVariables = true

    init(use: Policy.Use) { self.use = use }

    /// Far above every limit IAM and the services set on documents.
    private static let limits = JSONLimits(depth: 16, size: 1 << 18)
    private static let versions = ["2008-10-17", "2012-10-17"]

    func parse(_ json: [UInt8], name: String) throws -> Policy {
        guard let document = try? JSONDocument(json, limits: Self.limits), document.root.kind == .object else {
            throw PolicyError.syntax
        }
        let root = document.root
        try check(root, has: ["Version", "Id", "Statement"])
        let version = try text(root["Version"]) ?? Self.versions[0]
        guard Self.versions.contains(version), root["Version"] != nil || use != .identity else {
            throw PolicyError("Policy document must be version 2012-10-17 or greater.")
        }
        var reader = self
        reader.allowsVariables = version == Self.versions[1]
        let statements = try reader.statements(root["Statement"])
        let sids = statements.compactMap(\.sid)
        guard Set(sids).count == sids.count else {
            throw PolicyError("Statement IDs (SID) in a single policy must be unique.")
        }
        return Policy(name: name, version: version, id: try text(root["Id"]), statements: statements)
    }

    private func statements(_ value: JSONValue?) throws -> [Statement] {
        guard let value else { throw PolicyError.syntax }
        switch value.kind {
        case .object: return [try statement(value)]
        case .array:
            let statements = try value.elements.map(statement)
            guard !statements.isEmpty || use == .resource else { throw PolicyError.syntax }
            return statements
        default: throw PolicyError.syntax
        }
    }

    private static let statementElements: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    private func statement(_ value: JSONValue) throws -> Statement {
        guard value.kind == .object else { throw PolicyError.syntax }
        try check(value, has: Self.statementElements)
        guard let effect = value["Effect"]?.string.flatMap(Statement.Effect.init) else { throw PolicyError.syntax }
        let sid = try sid(value["Sid"])
        return Statement(
            sid: sid, effect: effect, principals: try principals(of: value), actions: try actions(of: value),
            resources: try resources(of: value),
            conditions: try ConditionParser(allowsVariables: allowsVariables).parse(value["Condition"]))
    }

    private func sid(_ value: JSONValue?) throws -> String? {
        guard let sid = try text(value), !sid.isEmpty else { return nil }
        // Policies of resources may have spaces and more in them.
        guard use == .resource || sid.utf8.allSatisfy(\.isAlphanumeric) else {
            throw PolicyError(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
                    + "[0-9A-Za-z]*")
        }
        return sid
    }

    // MARK: Principals

    private func principals(of value: JSONValue) throws -> PrincipalList? {
        let positive = value["Principal"]
        let negative = value["NotPrincipal"]
        guard positive == nil || negative == nil else { throw PolicyError.syntax }
        guard let principals = positive ?? negative else {
            guard use == .identity else { throw PolicyError("Missing required field Principal") }
            return nil
        }
        guard use != .identity else { throw PolicyError("Policy document should not specify a principal.") }
        return PrincipalList(entries: try PrincipalParser.parse(principals), isNegated: negative != nil)
    }

    // MARK: Actions

    private func actions(of value: JSONValue) throws -> PatternList {
        let (texts, isNegated) = try either(value, "Action", "NotAction")
        guard let texts, !texts.isEmpty else { throw PolicyError("Policy statement must contain actions.") }
        for action in texts where action != "*" { try check(action: action) }
        return PatternList(patterns: texts.map { Pattern($0, [.wildcards, .folding]) }, isNegated: isNegated)
    }

    private func check(action: String) throws {
        let parts = action.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2 else {
            throw PolicyError("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        }
        guard parts.count == 2 else { throw PolicyError("Actions/Condition can contain only one colon.") }
        guard !parts[0].isEmpty, parts[0].utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") }) else {
            throw PolicyError("Vendor \(parts[0]) is not valid")
        }
        guard use != .trust || String(parts[0]).folded == "sts" else {
            throw PolicyError("AssumeRole policy may only specify STS AssumeRole actions.")
        }
    }

    // MARK: Resources

    private func resources(of value: JSONValue) throws -> PatternList? {
        let (texts, isNegated) = try either(value, "Resource", "NotResource")
        if use == .trust {
            guard texts == nil else { throw PolicyError("Has prohibited field Resource") }
            return nil
        }
        guard let texts, !texts.isEmpty else { throw PolicyError("Policy statement must contain resources.") }
        if use == .identity { for resource in texts { try check(resource: resource) } }
        let options: Pattern.Options = allowsVariables ? [.wildcards, .variables] : .wildcards
        return PatternList(patterns: texts.map { Pattern($0, options) }, isNegated: isNegated)
    }

    private func check(resource: String) throws {
        guard resource != "*" else { return }
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts[0] == "arn" || parts[0] == "*" || parts[0] == "arn*" else {
            throw PolicyError("Resource \(resource) must be in ARN format or \"*\".")
        }
        guard parts.count > 2 || resource.contains("*") else {
            throw PolicyError("Resource \(resource) must be in ARN format or \"*\".")
        }
        if parts.count > 1, !["aws", "aws-cn", "aws-us-gov", "*"].contains(parts[1]), !parts[1].contains("$") {
            throw PolicyError("Partition \"\(parts[1])\" is not valid for resource \"\(resource)\".")
        }
        if parts.count == 6, parts[2] == "iam", !parts[3].isEmpty {
            throw PolicyError("IAM resource \(resource) cannot contain region information.")
        }
    }

    // MARK: Parts

    private func either(_ value: JSONValue, _ name: String, _ negated: String) throws -> ([String]?, Bool) {
        let positive = value[name]
        let negative = value[negated]
        guard positive == nil || negative == nil else { throw PolicyError.syntax }
        return (try (positive ?? negative).map(Self.texts), negative != nil)
    }

    /// One string, or an array of strings.
    static func texts(_ value: JSONValue) throws -> [String] {
        if let text = value.string { return [text] }
        guard value.kind == .array else { throw PolicyError.syntax }
        return try value.elements.map { element in
            guard let text = element.string else { throw PolicyError.syntax }
            return text
        }
    }

    private func text(_ value: JSONValue?) throws -> String? {
        guard let value else { return nil }
        guard let text = value.string else { throw PolicyError.syntax }
        return text
    }

    private func check(_ value: JSONValue, has elements: Set<String>) throws {
        var seen: Set<String> = []
        for member in value.members {
            guard elements.contains(member.name), seen.insert(member.name).inserted else { throw PolicyError.syntax }
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isAlphanumeric: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
