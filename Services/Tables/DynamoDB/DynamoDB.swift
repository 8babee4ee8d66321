import ServiceKit

/// Amazon DynamoDB, API version 2012-08-10.
public enum DynamoDB {
    /// DynamoDB and DynamoDB Streams on one database.
    public static func services(on host: ServiceHost) async throws -> [AWSService] {
        let tables = try await TableStore(host.database("tables.db", migrations: Schema.migrations))
        return [service(tables)]
    }

    static func service(_ tables: TableStore) -> AWSService {
        AWSService(
            "dynamodb", errors: .json,
            operations: [
                // Items
                PutItem(tables: tables), GetItem(tables: tables), UpdateItem(tables: tables),
                DeleteItem(tables: tables), Query(tables: tables), Scan(tables: tables), BatchGetItem(tables: tables),
                BatchWriteItem(tables: tables), TransactWriteItems(tables: tables), TransactGetItems(tables: tables),
                // Tables
                CreateTable(tables: tables), DescribeTable(tables: tables), DeleteTable(tables: tables),
                ListTables(tables: tables),
            ])
    }
}
