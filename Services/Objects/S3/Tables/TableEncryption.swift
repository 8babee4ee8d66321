import ServiceKit

/// How tables' files are enciphered, as requests and answers say it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_EncryptionConfiguration.html)
struct TableEncryption: InputShape, OutputShape {
    /// Of KMS; `nil` for the store's.
    let key: String?

    init(key: String?) { self.key = key }

    /// - Throws: `BadRequestException`
    init(_ member: Members) throws {
        let algorithm: String = try member("sseAlgorithm")
        key = try member("kmsKeyArn")
        guard (key != nil) == (algorithm == "aws:kms") else {
            throw ServiceError.badTableRequest(
                "A KMS key ARN must be specified with the aws:kms algorithm, and with no other.")
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("sseAlgorithm", algorithm)
        json.member("kmsKeyArn", key)
    }

    private var algorithm: String { key == nil ? "AES256" : "aws:kms" }

    /// Condition keys of requests that ask for it.
    var conditions: [String: [String]] {
        ["s3tables:sseAlgorithm": [algorithm], "s3tables:kmsKeyArn": key.map { [$0] } ?? []].filter { !$1.isEmpty }
    }

    /// What whoever asks for it needs besides.
    var permissions: [Permission] {
        key.map { [Permission("kms:DescribeKey", on: $0, owner: ARN($0)?.account)] } ?? []
    }
}
