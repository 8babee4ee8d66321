import ServiceKit

/// Begins an upload in parts.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)
struct CreateMultipartUpload: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let headers: ObjectHeaders
        let tags: Tags
        let storageClass: String
        let algorithm: ChecksumAlgorithm
        let isAlgorithmGiven: Bool
        let checksumType: ChecksumType

        init(_ member: Members) throws {
            object = try ObjectReference(member, versioned: false)
            headers = try ObjectHeaders(member)
            tags = try Tags(header: try member("Tagging"))
            storageClass = try StorageClass.checked(try member("StorageClass"))
            let given = try ChecksumAlgorithm.named(try member("ChecksumAlgorithm"))
            isAlgorithmGiven = given != nil
            algorithm = given ?? .crc64nvme
            checksumType = try Self.type(try member("ChecksumType"), of: algorithm, isGiven: given != nil)
            try RequestRefusals.check(member)
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

    struct Output: OutputShape {
        let bucket: String
        let upload: Upload
        let tellsChecksum: Bool

        func write(to json: inout JSONWriter) {
            json.member("Bucket", bucket)
            json.member("Key", upload.key)
            json.member("UploadId", upload.id)
            guard tellsChecksum else { return }
            json.member("ChecksumAlgorithm", upload.algorithm.rawValue)
            json.member("ChecksumType", upload.checksumType.rawValue)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutObject", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let upload = Upload(
            id: SecureRandom.string(64), key: input.object.key, initiated: call.now, initiator: call.principal,
            storageClass: input.storageClass, algorithm: input.algorithm, checksumType: input.checksumType,
            headers: input.headers, tags: input.tags)
        try await store.write(in: input.object.bucket) { try $0.insert(upload, in: $1) }
        return Output(bucket: input.object.bucket.name, upload: upload, tellsChecksum: input.isAlgorithmGiven)
    }
}
