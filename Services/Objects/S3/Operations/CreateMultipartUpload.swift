import ServiceKit

/// Begins an upload in parts.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)
struct CreateMultipartUpload: AWSOperation {
    /// An object, as every step holds it.
    final class Input: InputShape {
        let object: ObjectReference
        let headers: ObjectHeaders
        let tags: Tags
        let storageClass: String
        let algorithm: ChecksumAlgorithm?
        let checksumType: ChecksumType
        let encryption: RequestedEncryption
        let lock: RequestedLock
        let access: RequestedAccess
        private let written: WriteConditions

        init(_ member: Members) throws {
            object = try ObjectReference(member, versioned: false)
            headers = try ObjectHeaders(member)
            tags = try Tags(header: try member("Tagging"))
            storageClass = try StorageClass.checked(try member("StorageClass"))
            algorithm = try ChecksumAlgorithm.named(try member("ChecksumAlgorithm"))
            checksumType = try Self.type(
                try member("ChecksumType"), of: algorithm ?? .crc64nvme, isGiven: algorithm != nil)
            encryption = try RequestedEncryption(member)
            lock = try RequestedLock(member)
            access = try RequestedAccess(member)
            written = try WriteConditions(member, creates: false)
        }

        /// Condition keys of the write.
        func conditions(at now: Timestamp) -> [String: [String]] {
            written.keys(
                with: encryption.conditions, access.conditions, tags.requestConditions, lock.conditions(at: now))
        }

        private static func type(
            _ name: String?, of algorithm: ChecksumAlgorithm, isGiven: Bool
        ) throws -> ChecksumType {
            guard let name else { return algorithm == .crc64nvme ? .fullObject : .composite }
            guard let type = ChecksumType(rawValue: name.uppercased()) else {
                throw ServiceError.invalidRequest("Value for x-amz-checksum-type header is invalid.")
            }
            guard isGiven else {
                throw ServiceError.invalidRequest(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
            }
            let isPossible = type == .fullObject ? algorithm.isLinear : algorithm != .crc64nvme
            guard isPossible else {
                throw ServiceError.invalidRequest(
                    "The \(type.rawValue) checksum type cannot be used with the \(algorithm.rawValue.lowercased()) "
                        + "checksum algorithm.")
            }
            return type
        }
    }

    struct Answer: OutputShape {
        let bucket: String
        let upload: Upload
        let abortion: UploadAbortion?

        func write(to json: inout JSONWriter) {
            json.member("Bucket", bucket)
            json.member("Key", upload.key)
            json.member("UploadId", upload.id)
            abortion?.write(to: &json)
            upload.encryption?.write(to: &json, tellsContext: true)
            guard let algorithm = upload.givenAlgorithm else { return }
            json.member("ChecksumAlgorithm", algorithm.rawValue)
            json.member("ChecksumType", upload.checksumType.rawValue)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.writePermissions(
            on: input.object, input.conditions(at: call.now), input.tags, input.access, input.lock, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.object.bucket)
        let lock = try input.lock.lock(in: bucket, at: call.now)
        let list = try bucket.list(input.access, forObjectOf: call.caller)
        let (_, encryption) = try await store.keys.make(
            for: try input.encryption.choice(in: bucket), KeyRequest(for: input.object.key, in: bucket, call))
        let upload = Upload(
            id: SecureRandom.string(64), key: input.object.key, initiated: call.now, initiator: call.principal,
            storageClass: input.storageClass, givenAlgorithm: input.algorithm, checksumType: input.checksumType,
            headers: input.headers, tags: input.tags, encryption: encryption, lock: lock,
            list: list)
        try await store.write(in: input.object.bucket) { try $0.insert(upload, in: $1) }
        return try await store.charged(
            Answer(bucket: bucket.name, upload: upload, abortion: bucket.abortion(of: upload)),
            for: input.object.bucket, in: call)
    }
}
