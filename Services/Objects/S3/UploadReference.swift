import ServiceKit

/// Which upload a request means.
struct UploadReference: Sendable {
    let object: ObjectReference
    let id: String

    init(_ member: Members) throws {
        object = try ObjectReference(member, versioned: false)
        id = try member("UploadId")
    }

    /// - Throws: `InvalidArgument` outside 1…10,000.
    static func partNumber(_ member: Members) throws -> Int {
        let number: Int = try member("PartNumber")
        guard (1...Limits.maximumPartNumber).contains(number) else {
            throw ServiceError.invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive", "partNumber", "\(number)")
        }
        return number
    }
}

extension S3Store {
    func upload(_ reference: UploadReference) async throws -> Upload {
        let bucket = try await bucket(reference.object.bucket)
        return try await read { try $0.upload(reference.id, key: reference.object.key, in: bucket) }
    }

    /// An action on an upload that whoever began it may do unless they are denied it, and so may their account.
    ///
    /// [Permissions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions)
    func permission(_ action: String, on reference: UploadReference, in call: Call) async throws -> Permission {
        var permission = try await permission(action, on: reference.object, in: call)
        let bucket = try await bucket(reference.object.bucket)
        let upload = try await read { try? $0.upload(reference.id, key: reference.object.key, in: bucket) }
        guard let upload, upload.isBegun(by: call.caller) else { return permission }
        permission.resourcePolicy = (permission.resourcePolicy ?? .empty).allowing(.principal(call.principal))
        return permission
    }

    /// Records a part whose bytes have arrived, as long as the upload is still there.
    func put(
        _ received: ReceivedContent, etag: String, as number: Int, of reference: UploadReference, at now: Timestamp
    ) async throws -> Part {
        guard case .segments(let segments) = received.content else { throw ServiceError.internalFailure }
        let part = Part(
            number: number, modified: now, size: received.size, etag: etag, checksum: received.checksum,
            crc: received.crc, segments: segments)
        let files = files
        try await discarding(received.content.files) {
            try await write(in: reference.object.bucket) { transaction, bucket in
                _ = try transaction.upload(reference.id, key: reference.object.key, in: bucket)
                let unneeded = try transaction.put(part, of: reference.id)
                transaction.afterCommit { files.remove(unneeded) }
            }
        }
        return part
    }
}
