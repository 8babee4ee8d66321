import ServiceKit

/// Answers how a table is kept: small files become one, and states go some time after others came.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableMaintenanceConfiguration.html)
struct GetTableMaintenanceConfiguration: AWSOperation {
    struct Output: OutputShape {
        let table: IcebergTable

        func write(to json: inout JSONWriter) {
            json.member("tableARN", table.arn.description)
            json.member("configuration") { json in
                json.object { json in
                    json.member("icebergCompaction") { $0.object { $0.member("status", "enabled") } }
                    json.member("icebergSnapshotManagement") { json in
                        json.object { json in
                            json.member("status", "enabled")
                            json.member("settings") { $0.object { writeSettings(to: &$0) } }
                        }
                    }
                }
            }
        }

        private func writeSettings(to json: inout JSONWriter) {
            json.member("icebergSnapshotManagement") { json in
                json.object { json in
                    json.member("minSnapshotsToKeep", 1)
                    json.member("maxSnapshotAgeHours", TableWriter.snapshotAge.components.seconds / 3600)
                }
            }
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
