import ServiceKit

/// Deletes a table with its files.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteTable.html)
struct DeleteTable: AWSOperation {
    struct Input: InputShape {
        let table: TableInput
        let token: String?

        init(_ member: Members) throws {
            table = try TableInput(member)
            token = try member("versionToken")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.table)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let files = store.files
        try await store.database.write { transaction in
            let table = try transaction.existing(input.table)
            if let token = input.token, token != table.token { throw ServiceError.tableChanged }
            let unneeded = try transaction.delete(table)
            transaction.afterCommit { files.remove(unneeded) }
        }
        return NoOutput()
    }
}
