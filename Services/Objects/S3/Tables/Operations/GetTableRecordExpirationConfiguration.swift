import ServiceKit

/// Answers how long the records of a journal are kept.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableRecordExpirationConfiguration.html)
struct GetTableRecordExpirationConfiguration: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try TableReference(try member("tableArn")) }
    }

    struct Output: OutputShape {
        /// `nil` keeps them.
        let days: Int64?

        func write(to json: inout JSONWriter) {
            json.member("configuration") { json in
                json.object { json in
                    json.member("status", days == nil ? "disabled" : "enabled")
                    guard let days else { return }
                    json.member("settings") { $0.object { $0.member("days", days) } }
                }
            }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.table)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try await store.read { try $0.existing(input.table) }
        guard table.kind == .journal else { throw ServiceError.noRecordExpiration }
        return Output(days: table.expirationDays)
    }
}
