import ServiceKit
import TemplateLanguage

/// Changes of what UpdateTable changes: all that differs in one call, indexes one by one.
extension TableCalls {
    /// Changes capacity, class, protection, key and stream.
    ///
    /// - Parameter table: as it is; what it has already is not asked for again, as the attempt before a crash may have
    ///   done it.
    func updateDesign(
        from old: TemplateMap, to new: TemplateMap, _ table: JSONValue
    ) async throws -> JSONValue {
        func changed(_ name: String) -> Bool { old[name] != new[name] }
        var table = table
        var changes = TemplateMap()
        let capacity = capacityChanges(from: old, to: new, table)
        for entry in capacity.entries { changes[entry.name] = entry.value }
        if changed("TableClass") {
            let wanted = new.text("TableClass") ?? "STANDARD"
            if wanted != table["TableClassSummary"]?["TableClass"]?.string ?? "STANDARD" {
                changes["TableClass"] = .string(wanted)
            }
        }
        if changed("DeletionProtectionEnabled") {
            let wanted = new.flag("DeletionProtectionEnabled") ?? false
            if wanted != table["DeletionProtectionEnabled"]?.bool {
                changes["DeletionProtectionEnabled"] = .bool(wanted)
            }
        }
        if changed("SSESpecification"), let key = keyChange(to: new, table) { changes["SSESpecification"] = .map(key) }
        let present = table["StreamSpecification"]?["StreamViewType"]?.string
        let view = new["StreamSpecification"]?.map?.text("StreamViewType")
        if changed("StreamSpecification"), view != present {
            // A stream with another view is another stream.
            if present != nil, view != nil { table = try await update { $0.stream(view: nil) } }
            return try await update { json in
                for entry in changes.entries { json.member(entry.name, entry.value) }
                json.stream(view: view)
            }
        }
        guard !changes.isEmpty else { return table }
        return try await update { json in
            for entry in changes.entries { json.member(entry.name, entry.value) }
        }
    }

    /// `BillingMode`, `ProvisionedThroughput` and what indexes get of it.
    private func capacityChanges(from old: TemplateMap, to new: TemplateMap, _ table: JSONValue) -> TemplateMap {
        var changes = TemplateMap()
        let wanted = new.text("BillingMode") ?? "PROVISIONED"
        let present = table["BillingModeSummary"]?["BillingMode"]?.string ?? "PROVISIONED"
        if wanted != present { changes["BillingMode"] = .string(wanted) }
        guard wanted == "PROVISIONED" else { return changes }
        // Capacity that the template does not change stays what it is, as something may scale it.
        let isNew = wanted != present
        if isNew || old["ProvisionedThroughput"] != new["ProvisionedThroughput"],
            let units = new["ProvisionedThroughput"], isNew || !Self.has(table, units)
        {
            changes["ProvisionedThroughput"] = units
        }
        let before = Dictionary(
            old.maps("GlobalSecondaryIndexes").map { ($0.text("IndexName"), $0["ProvisionedThroughput"]) },
            uniquingKeysWith: { $1 })
        var updates: [TemplateValue] = []
        for index in new.maps("GlobalSecondaryIndexes") {
            guard let name = index["IndexName"], let units = index["ProvisionedThroughput"],
                let there = table["GlobalSecondaryIndexes"]?.elements.first(where: {
                    $0["IndexName"]?.string == name.text
                }),
                isNew || before[name.text] != .some(units), isNew || !Self.has(there, units)
            else { continue }
            let update = TemplateMap([.init("IndexName", name), .init("ProvisionedThroughput", units)])
            updates.append(.map(TemplateMap([.init("Update", .map(update))])))
        }
        if !updates.isEmpty { changes["GlobalSecondaryIndexUpdates"] = .list(updates) }
        return changes
    }

    private static func has(_ described: JSONValue, _ units: TemplateValue) -> Bool {
        let present = described["ProvisionedThroughput"]
        return ["ReadCapacityUnits", "WriteCapacityUnits"].allSatisfy { name in
            present?[name]?.int64 == units.map?.int(name)
        }
    }

    /// `SSESpecification`, where the table is not under that key already.
    private func keyChange(to new: TemplateMap, _ table: JSONValue) -> TemplateMap? {
        let present = table["SSEDescription"]?["KMSMasterKeyArn"]?.string
        guard let wanted = new["SSESpecification"]?.map, wanted.flag("SSEEnabled") == true else {
            return present == nil ? nil : TemplateMap([.init("Enabled", .bool(false))])
        }
        if let present, let key = wanted.text("KMSMasterKeyId"), present == key || present.hasSuffix("/\(key)") {
            return nil
        }
        return wanted.renamed(["SSEEnabled": "Enabled"])
    }

    // MARK: Indexes

    /// Removes the global indexes that are no longer wanted so, one a call: before their capacity could matter.
    func removeIndexes(to new: TemplateMap, _ table: JSONValue) async throws -> JSONValue {
        var table = table
        let shapes = Dictionary(
            new.maps("GlobalSecondaryIndexes").map { ($0.text("IndexName") ?? "", Self.shape(of: $0)) },
            uniquingKeysWith: { $1 })
        for index in Array(table["GlobalSecondaryIndexes"]?.elements ?? .none) {
            let name = index["IndexName"]?.string ?? ""
            // One with other keys or another projection is made anew.
            guard shapes[name] != Self.shape(of: try TemplateMap(json: index)) else { continue }
            table = try await change("Delete", TemplateMap([.init("IndexName", .string(name))]), new)
        }
        return table
    }

    /// Adds the global indexes that are not there, one a call, each once the one before is filled.
    func addIndexes(of new: TemplateMap, _ table: JSONValue) async throws -> JSONValue {
        var table = table
        let present = Set(table["GlobalSecondaryIndexes"]?.elements.compactMap { $0["IndexName"]?.string } ?? [])
        for index in new.maps("GlobalSecondaryIndexes") where !present.contains(index.text("IndexName") ?? "") {
            table = try await change("Create", index.without("ContributorInsightsSpecification"), new)
        }
        return table
    }

    private func change(_ kind: String, _ index: TemplateMap, _ new: TemplateMap) async throws -> JSONValue {
        try await update { json in
            if kind == "Create" { json.members(new, "AttributeDefinitions") }
            json.member("GlobalSecondaryIndexUpdates") { json in
                json.array { $0.object { $0.member(kind, index) } }
            }
        }
    }

    /// What of an index cannot be changed, as a text.
    private static func shape(of index: TemplateMap) -> String {
        let keys = index.maps("KeySchema").map { "\($0.text("AttributeName") ?? ""):\($0.text("KeyType") ?? "")" }
        let projection = index["Projection"]?.map
        let others = projection?.texts("NonKeyAttributes").sorted() ?? []
        return (keys + [projection?.text("ProjectionType") ?? "ALL"] + others).joined(separator: " ")
    }
}
