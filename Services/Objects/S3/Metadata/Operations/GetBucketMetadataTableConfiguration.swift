import ServiceKit

/// Answers which table of the customer's tells of a bucket's objects, and how it is.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html)
struct GetBucketMetadataTableConfiguration: AWSOperation {
    struct Output: OutputShape {
        let configuration: MetadataConfiguration
        let state: MetadataTableState

        func write(to json: inout JSONWriter) {
            json.member("GetBucketMetadataTableConfigurationResult") { json in
                json.object { json in
                    json.member("MetadataTableConfigurationResult") { json in
                        json.object { json in
                            json.member("S3TablesDestinationResult") { json in
                                json.object { writeDestination(to: &$0) }
                            }
                        }
                    }
                    json.member("Status", state.status)
                    state.writeError(to: &json)
                }
            }
        }

        private func writeDestination(to json: inout JSONWriter) {
            json.member("TableBucketArn", configuration.tableBucket)
            json.member("TableName", configuration.tableName)
            // Also of a table that could not be made.
            json.member("TableArn", state.table?.arn.description ?? "")
            json.member("TableNamespace", configuration.namespace)
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketMetadataTableConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.metadata else { throw ServiceError.noMetadataConfiguration(bucket.name) }
        guard configuration.isFirstForm else { throw ServiceError.methodNotAllowed }
        return Output(
            configuration: configuration, state: try await store.read { try $0.state(of: configuration.journalTable) })
    }
}
