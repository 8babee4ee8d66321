import ServiceKit

/// Answers how a table's files are enciphered.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableEncryption.html)
struct GetTableEncryption: AWSOperation {
    struct Output: OutputShape {
        let key: String?

        func write(to json: inout JSONWriter) {
            json.member("encryptionConfiguration") { json in
                json.object { json in
                    json.member("sseAlgorithm", key == nil ? "AES256" : "aws:kms")
                    json.member("kmsKeyArn", key)
                }
            }
        }
    }

    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> Output {
        Output(key: try await store.read { try $0.existing(input) }.encryptionKey)
    }
}
