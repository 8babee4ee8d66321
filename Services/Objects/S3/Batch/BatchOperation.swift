import ServiceKit

/// What a job does to each of its objects: the one member that its `JobOperation` has.
///
/// [Supported operations](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-operations.html)
struct BatchOperation: Sendable {
    enum Kind: String, Sendable {
        case copy = "S3PutObjectCopy"
        case setList = "S3PutObjectAcl"
        case setTags = "S3PutObjectTagging"
        case deleteTags = "S3DeleteObjectTagging"
        case restore = "S3InitiateRestoreObject"
        case hold = "S3PutObjectLegalHold"
        case retain = "S3PutObjectRetention"
        case replicate = "S3ReplicateObject"
        case encrypt = "S3UpdateObjectEncryption"
        case checksum = "S3ComputeObjectChecksum"
        case invoke = "LambdaInvoke"
    }

    let kind: Kind
    let options: JSONValue

    /// - Throws: `InvalidRequest` for anything but one operation, `NotImplemented` for one that is not served.
    init(_ json: JSONValue?) throws {
        let given = json?.members.filter { !$0.value.isNull } ?? []
        guard given.count == 1 else {
            throw ServiceError.invalidRequest("A job must have one operation, and one only.")
        }
        guard let kind = Kind(rawValue: given[0].name) else {
            throw ServiceError.notImplemented("The operation \(given[0].name) of Batch Operations")
        }
        (self.kind, options) = (kind, given[0].value)
        if kind == .copy, targetBucket == nil {
            throw ServiceError.invalidRequest("TargetResource must be the ARN of a bucket.")
        }
        if kind == .invoke, options["FunctionArn"]?.string == nil {
            throw ServiceError.invalidRequest("A function's ARN is missing.")
        }
        if kind == .checksum { _ = try BatchChecksum(options) }
    }

    /// The request to S3 that does it; `nil` where it takes another way.
    func request(for target: BatchTarget) -> (operation: String, input: [UInt8])? {
        switch kind {
        case .copy: ("CopyObject", input { writeCopy(of: target, to: &$0) })
        case .setList: ("PutObjectAcl", input(target, writeList))
        case .setTags:
            (
                "PutObjectTagging",
                input(target) { json in
                    json.member("Tagging") { json in
                        json.object { json in
                            json.member("TagSet") { $0.raw(options["TagSet"]?.rawBytes ?? Array("[]".utf8)[...]) }
                        }
                    }
                }
            )
        case .deleteTags: ("DeleteObjectTagging", input(target) { _ in })
        case .restore: ("RestoreObject", input(target, writeRestoration))
        case .hold: ("PutObjectLegalHold", input(target) { $0.member("LegalHold", options["LegalHold"]) })
        case .retain:
            (
                "PutObjectRetention",
                input(target) { json in
                    json.member("Retention", options["Retention"])
                    json.member("BypassGovernanceRetention", options["BypassGovernanceRetention"])
                }
            )
        case .encrypt:
            ("UpdateObjectEncryption", input(target) { $0.member("ObjectEncryption", options["ObjectEncryption"]) })
        case .replicate, .invoke, .checksum: nil
        }
    }

    private func input(_ target: BatchTarget, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        input { json in
            target.write(to: &json)
            body(&json)
        }
    }

    private func input(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(body)
        return json.bytes
    }

    private func writeRestoration(to json: inout JSONWriter) {
        json.member("RestoreRequest") { json in
            json.object { json in
                json.member("Days", options["ExpirationInDays"])
                json.member("GlacierJobParameters") { json in
                    json.object {
                        $0.member("Tier", options["GlacierJobTier"]?.string == "STANDARD" ? "Standard" : "Bulk")
                    }
                }
            }
        }
    }

    private func writeList(to json: inout JSONWriter) {
        let policy = options["AccessControlPolicy"]
        json.member("ACL", policy?["CannedAccessControlList"])
        guard let list = policy?["AccessControlList"] else { return }
        json.member("AccessControlPolicy") { json in
            json.object { json in
                json.member("Owner", list["Owner"])
                json.member("Grants") { json in
                    json.array { json in
                        for grant in list["Grants"]?.elements.map(\.self) ?? [] {
                            json.object { write(grant, to: &$0) }
                        }
                    }
                }
            }
        }
    }

    private func write(_ grant: JSONValue, to json: inout JSONWriter) {
        let (type, name) = (grant["Grantee"]?["TypeIdentifier"]?.string, grant["Grantee"]?["Identifier"]?.string)
        json.member("Grantee") { json in
            json.object { json in
                switch type {
                case "uri":
                    json.member("Type", "Group")
                    json.member("URI", name)
                case "emailAddress":
                    json.member("Type", "AmazonCustomerByEmail")
                    json.member("EmailAddress", name)
                default:
                    json.member("Type", "CanonicalUser")
                    json.member("ID", name)
                }
            }
        }
        json.member("Permission", grant["Permission"])
    }
}
