import ServiceKit

/// How the operations on tags name a table: by ARN only.
struct TaggedTable: MemberValue, Sendable {
    let arn: String

    init(json value: JSONValue) throws { arn = try String(json: value) }

    func permission(_ tables: TableStore, in call: Call) -> Permission {
        var permission = Permission(on: arn)
        let reference = TableReference(arn)
        if reference.arn != nil {
            permission.resourcePolicy = tables.catalog.table(reference.identity(in: call))?.policy?.policy
            permission.owner = reference.arn?.account
        }
        return permission
    }

    /// - Throws: for what is no table's ARN.
    func validate() throws(ServiceError) {
        guard arn.hasPrefix("arn:") else { throw .validation("ARNs must start with 'arn:': \(arn)") }
        let reference = TableReference(arn)
        guard let parsed = reference.arn, parsed.resource == "table/\(reference.name)",
            TableIdentity.isValid(reference.name)
        else {
            throw .validation("Invalid TableArn: Invalid ResourceArn provided as input \(arn)")
        }
    }

    /// - Throws: for a table that is not there.
    func find(in tables: TableStore, _ call: Call) throws(ServiceError) -> TableDefinition {
        try validate()
        let reference = TableReference(arn)
        guard let table = tables.catalog.table(reference.identity(in: call)) else {
            // AWS's own spelling.
            throw ServiceError(
                "ResourceNotFoundException", "Requested resource not found: ResourcArn: \(arn) not found")
        }
        return table
    }
}
