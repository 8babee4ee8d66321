import ServiceKit

extension LifecycleConfiguration {
    private static let actions = [
        "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload", "Transitions",
        "NoncurrentVersionTransitions",
    ]

    /// What AWS refuses in a configuration.
    ///
    /// - Throws: `MalformedXML`, `InvalidArgument`, `InvalidRequest`
    static func check(_ json: JSONValue) throws {
        let rules = json["Rules"]?.elements.map(\.self) ?? []
        if rules.isEmpty || rules.count > 1000 { throw ServiceError.malformedXML }
        let identifiers = rules.compactMap { $0["ID"]?.string }.filter { !$0.isEmpty }
        guard Set(identifiers).count == identifiers.count else {
            throw ServiceError.invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID", "")
        }
        for id in identifiers where id.utf8.count > 255 {
            throw ServiceError.invalidArgument("ID length should not exceed allowed limit of 255", "ID", id)
        }
        let isFirstForm = rules[0].present("Filter") == nil
        for rule in rules {
            try checkForm(of: rule, isFirst: isFirstForm)
            try LifecycleFilterRules.check(rule)
            try LifecycleActionRules.check(rule)
            guard actions.contains(where: { rule.present($0) != nil }) else {
                throw ServiceError.invalidRequest("At least one action needs to be specified in a rule")
            }
        }
        if isFirstForm { try checkOverlaps(of: rules) }
    }

    /// Prefixes stand in the rules or in their filters, the same way in all of a configuration.
    private static func checkForm(of rule: JSONValue, isFirst: Bool) throws {
        let (filter, prefix) = (rule.present("Filter"), rule.present("Prefix"))
        if filter == nil, prefix == nil { throw ServiceError.malformedXML }
        if filter != nil, prefix != nil { throw ServiceError.malformedXML }
        if isFirst, filter != nil {
            throw ServiceError.invalidRequest("Filter element can only be used in Lifecycle V2.")
        }
        if !isFirst, prefix != nil {
            throw ServiceError.invalidRequest(
                "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.")
        }
        let noncurrent =
            (rule.present("NoncurrentVersionTransitions")?.elements.map(\.self) ?? [])
            + [rule.present("NoncurrentVersionExpiration")].compactMap(\.self)
        if isFirst, noncurrent.contains(where: { $0.present("NewerNoncurrentVersions") != nil }) {
            throw ServiceError.invalidRequest("NewerNoncurrentVersions element can only be used in Lifecycle V2.")
        }
    }

    private static func checkOverlaps(of rules: [JSONValue]) throws {
        for (index, rule) in rules.enumerated() {
            let prefix = rule["Prefix"]?.string ?? ""
            for other in rules.dropFirst(index + 1) {
                let second = other["Prefix"]?.string ?? ""
                guard ObjectKey.hasPrefix(prefix, second) || ObjectKey.hasPrefix(second, prefix),
                    let action = actions.first(where: { rule.present($0) != nil && other.present($0) != nil })
                else { continue }
                throw ServiceError.invalidRequest(
                    "Found overlapping prefixes '\(prefix)' and '\(second)' for same action type "
                        + "'\(action == "Transitions" ? "Transition" : action)'")
            }
        }
    }
}

/// What AWS refuses in the filter of a rule.
enum LifecycleFilterRules {
    private static let largestSize: Int64 = 50 << 40
    private static let kinds = ["Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan"]

    static func check(_ rule: JSONValue) throws {
        guard let filter = rule.present("Filter") else { return }
        guard kinds.filter({ filter.present($0) != nil }).count <= 1 else { throw ServiceError.malformedXML }
        let both = filter.present("And")
        let tags = try both?.present("Tags").map { try [Tag](json: $0) }
        if let both {
            let count = kinds.filter { $0 != "Tag" && both.present($0) != nil }.count + (tags?.count ?? 0)
            if count < 2 { throw ServiceError.malformedXML }
        }
        if let tags, Set(tags.map(\.key)).count != tags.count {
            throw ServiceError.invalidRequest("Duplicate Tag Keys are not allowed.")
        }
        let sizes = both ?? filter
        try checkSizes(sizes)
        let isTagged = filter.present("Tag") != nil || !(tags ?? []).isEmpty
        let isSized = ["ObjectSizeGreaterThan", "ObjectSizeLessThan"].contains { sizes.present($0) != nil }
        try refuse("AbortIncompleteMultipartUpload", in: rule, isTagged, isSized)
        if let expiration = rule.present("Expiration") {
            try refuse("ExpiredObjectDeleteMarker", in: expiration, isTagged, isSized)
        }
    }

    private static func checkSizes(_ filter: JSONValue) throws {
        let (least, most) = (
            filter.present("ObjectSizeGreaterThan")?.int64, filter.present("ObjectSizeLessThan")?.int64
        )
        if let least, !(0...largestSize).contains(least) {
            throw ServiceError.invalidRequest("'ObjectSizeGreaterThan' should be between 0 and \(largestSize).")
        }
        if let most, !(1...largestSize).contains(most) {
            throw ServiceError.invalidRequest("'ObjectSizeLessThan' should be between 1 and \(largestSize).")
        }
        if let least, let most, least >= most {
            throw ServiceError.invalidRequest(
                "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")
        }
    }

    private static func refuse(_ action: String, in json: JSONValue, _ isTagged: Bool, _ isSized: Bool) throws {
        guard json.present(action) != nil, isTagged || isSized else { return }
        throw ServiceError.invalidRequest("\(action) cannot be specified with \(isTagged ? "Tags" : "Object Size").")
    }
}
