import ServiceKit

/// Creates a table and fills it in the background with what lies in a bucket.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html)
struct ImportTable: AWSOperation {
    struct Input: InputShape {
        let clientToken: String?
        let request: ImportRequest

        init(_ member: Members) throws {
            clientToken = try member("ClientToken")
            request = try ImportRequest(member)
        }
    }

    struct Output: OutputShape {
        let job: TableImport

        func write(to json: inout JSONWriter) { json.member("ImportTableDescription", ImportDescription(job: job)) }
    }

    private static let tokenLifetime = Duration.seconds(8 * 3600)
    /// Under way at once in an account's region.
    private static let limit = 50

    let tables: TableStore
    let keys: TableKeys

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.request.design.table.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.request.validate()
        try input.request.design.table.validate()
        let catalog = tables.catalog
        let key = try await keys.encryption(input.request.design.encryption, in: call)
        let job = try await tables.write { transaction in
            let others = try transaction.imports(account: call.account, region: call.region)
            if let job = try Self.repeated(input, among: others, at: call.now) { return job }
            guard others.count(where: { $0.status == .inProgress }) < Self.limit else {
                throw ServiceError.tooManyImports
            }
            let (job, table) = try Self.begin(input, key, in: transaction, call)
            transaction.afterCommit { catalog.keep(table) }
            return job
        }
        tables.importWork.signal()
        return Output(job: job)
    }

    /// The import that the same token asked for before.
    private static func repeated(
        _ input: Input, among imports: [TableImport], at now: Timestamp
    ) throws(ServiceError) -> TableImport? {
        guard let token = input.clientToken,
            let job = imports.last(where: { $0.clientToken == token && now < $0.startTime + tokenLifetime })
        else { return nil }
        guard job.request.encoded == input.request.encoded else { throw .importConflict }
        return job
    }

    /// Notes the import and its table, which takes no requests before it is filled.
    private static func begin(
        _ input: Input, _ key: TableEncryption?, in transaction: Transaction, _ call: Call
    ) throws -> (TableImport, TableDefinition) {
        let identity = input.request.design.table.identity(in: call)
        guard try !transaction.hasTable(identity) else { throw ServiceError.tableExists(identity.name) }
        var table = try input.request.design.definition(identity, key, in: transaction, at: call.now)
        let arn = table.arn(ofNew: "import", at: call.now).description
        table.importARN = arn
        let job = TableImport(
            arn: arn, table: table.id, tableARN: table.arn.description, tableID: table.uuid, account: call.account,
            region: call.region, startTime: call.now, clientToken: input.clientToken, request: input.request,
            caller: call.caller.encoded)
        try transaction.insert(table)
        try transaction.keep(job)
        return (job, table)
    }
}
