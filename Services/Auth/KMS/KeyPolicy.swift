import ServiceKit

/// The one policy of a key: without it nobody has access, not even the account that owns the key.
///
/// [Key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html)
enum KeyPolicy {
    static let name = "default"
    private static let limit = 32 << 10

    /// What a key has where its maker gives none: the account, which hands on to its identities.
    static func initial(for account: String) -> String {
        document(id: "key-default-1") { json in
            json.object { json in
                json.member("Sid", "Enable IAM User Permissions")
                json.member("Effect", "Allow")
                json.member("Principal", ["AWS": "arn:aws:iam::\(account):root"])
                json.member("Action", "kms:*")
                json.member("Resource", "*")
            }
        }
    }

    /// A service's own key: for everybody of the account, through that service only.
    static func managed(by service: String, account: String, region: String) -> String {
        document(id: "auto-\(service)-1") { json in
            json.object { json in
                json.member("Sid", "Allow access through \(service) for all principals in the account")
                json.member("Effect", "Allow")
                json.member("Principal", ["AWS": "*"])
                json.member(
                    "Action",
                    [
                        "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant",
                        "kms:DescribeKey",
                    ])
                json.member("Resource", "*")
                json.member(
                    "Condition",
                    [
                        "StringEquals": [
                            "kms:CallerAccount": account, "kms:ViaService": "\(service).\(region).amazonaws.com",
                        ]
                    ])
            }
            json.object { json in
                json.member("Sid", "Allow direct access to key metadata to the account")
                json.member("Effect", "Allow")
                json.member("Principal", ["AWS": "arn:aws:iam::\(account):root"])
                json.member("Action", ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"])
                json.member("Resource", "*")
            }
        }
    }

    /// - Throws: `MalformedPolicyDocumentException`, `LimitExceededException`
    static func parse(_ document: String) throws -> Policy {
        guard document.utf8.count <= limit else {
            throw ServiceError.limitExceeded("The key policy is longer than \(limit) bytes.")
        }
        do {
            return try Policy.parse(document, as: .resource)
        } catch let error as PolicyError {
            throw ServiceError.malformedPolicy(error.message)
        }
    }

    private static func document(id: String, _ statements: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object { json in
            json.member("Version", "2012-10-17")
            json.member("Id", id)
            json.member("Statement") { $0.array(statements) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
