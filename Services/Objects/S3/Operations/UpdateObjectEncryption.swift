import ServiceKit

/// Has an object's key sealed by another key of KMS. The bytes stay as they are.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html)
struct UpdateObjectEncryption: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let wish: ManagedKeyWish

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            let wanted: JSONValue = try member("ObjectEncryption")
            guard let managed = wanted["SSEKMS"], let arn = managed["KMSKeyArn"]?.string else {
                throw ServiceError.malformedXML
            }
            wish = ManagedKeyWish(
                keyID: arn, context: nil, usesBucketKey: managed["BucketKeyEnabled"]?.bool ?? false)
        }
    }

    struct Output: OutputShape {
        let charge: RequestCharge
        func write(to json: inout JSONWriter) { json.member(charge) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission("s3:PutObject", on: input.object, in: call),
            try await store.listedPermission("s3:UpdateObjectEncryption", on: input.object, in: call),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.object.bucket)
        let object = try await store.read { try $0.existingObject(input.object, in: bucket) }
        try check(object.encryption)
        let request = KeyRequest(for: object.key, in: bucket, call)
        guard let key = try await store.keys.open(object.encryption, with: nil, request) else {
            throw ServiceError.encryptionIsFixed
        }
        let encryption = try await store.keys.reseal(key, input.wish, request)
        try await store.write(in: input.object.bucket) { transaction, bucket in
            let current = try transaction.existingObject(input.object, in: bucket)
            // The key that was sealed is of the object that was read.
            guard current.id == object.id, current.encryption == object.encryption else {
                throw ServiceError.conflictingOperation
            }
            try transaction.setEncryption(of: current, to: encryption)
            try transaction.journal(.update, current.key, current.version, in: bucket, call)
        }
        return Output(charge: bucket.charge(to: call.caller))
    }

    /// A customer's key nobody here has, and two layers stay two.
    ///
    /// - Throws: `InvalidRequest`
    private func check(_ encryption: Encryption?) throws {
        switch encryption?.method {
        case .store: return
        case .managed(let key) where key.secondLayer == nil: return
        case .managed, .customer, nil: throw ServiceError.encryptionIsFixed
        }
    }
}

extension ServiceError {
    fileprivate static let encryptionIsFixed = ServiceError.invalidRequest(
        "The encryption of the object cannot be updated: its source encryption type must be SSE-S3 or SSE-KMS.")
}
