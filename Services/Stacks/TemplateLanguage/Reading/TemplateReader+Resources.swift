extension TemplateReader {
    private static let attributes: Set<String> = [
        "Type", "Properties", "Metadata", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy",
        "CreationPolicy", "UpdatePolicy", "Description", "Version",
    ]
    private static let policies: Set<String> = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]

    /// What a last copy can be made of.
    private static let snapshotTypes: Set<String> = [
        "AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    ]

    func resources() throws(TemplateError) -> [TemplateResource] {
        let all = try members("Resources")
        guard !all.isEmpty || !isComplete else { throw .format("At least one Resources member must be defined.") }
        try Self.check(all.count, of: "resources", atMost: 500)
        var resources: [TemplateResource] = []
        // What a macro is to make of it is not read.
        for entry in all.entries where isComplete || !entry.name.hasPrefix("Fn::") {
            resources.append(try resource(entry))
        }
        return resources
    }

    private func resource(_ entry: TemplateMap.Entry) throws(TemplateError) -> TemplateResource {
        let name = entry.name
        guard Self.isAlphanumeric(name) else { throw .format("Resource name \(name) is non alphanumeric.") }
        guard let resource = entry.value.map else { throw .format("Any Resources member must be an object.") }
        guard let type = resource["Type"] else {
            throw .format("[/Resources/\(name)] Every Resources object must contain a Type member.")
        }
        guard let type = type.string else {
            throw .format("[/Resources/\(name)/Type] Every Type member must be a string.")
        }
        if let unknown = resource.names.first(where: { !Self.attributes.contains($0) }), isComplete {
            throw TemplateError("Invalid template resource property '\(unknown)'")
        }
        let dependsOn = try dependsOn(resource["DependsOn"])
        let properties = try properties(resource["Properties"], of: name)
        let found = References(in: resource.entries.filter { $0.name != "DependsOn" }.map(\.value)).resources
        return TemplateResource(
            logicalID: name, type: type, properties: properties, metadata: resource["Metadata"],
            condition: try condition(resource["Condition"]),
            deletionPolicy: try policy("DeletionPolicy", of: name, type, resource),
            updateReplacePolicy: try policy("UpdateReplacePolicy", of: name, type, resource),
            creationPolicy: resource["CreationPolicy"], updatePolicy: resource["UpdatePolicy"],
            dependencies: found.union(dependsOn).intersection(names), explicitDependencies: dependsOn,
            policyFunctions: TemplateMap(resource.entries.filter { $0.name.hasSuffix("Policy") && $0.value.map != nil })
        )
    }

    private var names: [String] { sections["Resources"]?.map?.names ?? [] }

    private func properties(_ value: TemplateValue?, of name: String) throws(TemplateError) -> TemplateMap {
        guard let value else { return TemplateMap() }
        guard let properties = value.map else {
            throw .format("[/Resources/\(name)/Properties] Every Properties member must be an object.")
        }
        return properties
    }

    private func dependsOn(_ value: TemplateValue?) throws(TemplateError) -> [String] {
        guard let value else { return [] }
        var names: [String] = []
        for value in value.list ?? [value] {
            guard let name = value.string else { throw .format("DependsOn must be a string or list of strings.") }
            names.append(name)
        }
        return names
    }

    func condition(_ value: TemplateValue?) throws(TemplateError) -> String? {
        guard let value else { return nil }
        guard let name = value.string else { throw .format("Every Condition member must be a string.") }
        return name
    }

    /// `nil` also where a function decides.
    private func policy(
        _ name: String, of resource: String, _ type: String, _ members: TemplateMap
    ) throws(TemplateError) -> String? {
        guard let value = members[name] else { return nil }
        if value.map != nil, transforms.contains(Template.languageExtensions) { return nil }
        return try Self.policy(name, value, of: resource, type)
    }

    static func policy(
        _ name: String, _ value: TemplateValue, of resource: String, _ type: String
    ) throws(TemplateError) -> String {
        guard let policy = value.string else { throw .format("Every \(name) member must be a string.") }
        let known = name == "DeletionPolicy" ? policies : policies.subtracting(["RetainExceptOnCreate"])
        guard known.contains(policy) else {
            throw .format("Unrecognized \(name) \(policy) for resource \(resource)")
        }
        guard policy != "Snapshot" || snapshotTypes.contains(type) else {
            throw .function("resource type \(type) does not support deletion policy Snapshot")
        }
        return policy
    }
}
