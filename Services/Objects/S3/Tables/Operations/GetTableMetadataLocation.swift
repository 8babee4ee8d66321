import ServiceKit

/// Answers where a table's present state is.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableMetadataLocation.html)
struct GetTableMetadataLocation: AWSOperation {
    struct Output: OutputShape {
        let table: IcebergTable

        func write(to json: inout JSONWriter) {
            json.member("versionToken", table.token)
            if !table.metadata.isEmpty { json.member("metadataLocation", table.metadataLocation) }
            json.member("warehouseLocation", table.location)
        }
    }

    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> Output {
        Output(table: try await store.read { try $0.existing(input) })
    }
}
