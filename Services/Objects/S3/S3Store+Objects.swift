import ServiceKit

extension S3Store {
    /// Takes in a request's body. What it stored is the caller's to record or to discard.
    func receive(
        _ call: Call, declared length: Int64?, claim: ChecksumClaim, under key: DataKey?,
        limit: Int64 = Limits.putSize, allowsInline: Bool = true
    ) async throws -> ReceivedContent {
        let body = call.body ?? ByteStream([])
        let receiver = ContentReceiver(files: files, claim: claim, key: key, allowsInline: allowsInline)
        return try await translatingFullDisk {
            try await receiver.receive(body, declared: length ?? body.length.map(Int64.init), limit: limit)
        }
    }

    /// Records an object with its event. Its files are removed if that fails, those it replaces if it succeeds.
    func put(
        _ draft: ObjectDraft, in reference: BucketReference, if preconditions: WritePreconditions? = nil,
        event: String, call: Call
    ) async throws -> (version: String?, modified: Timestamp) {
        let files = files
        return try await discarding(draft.content.files) {
            try await write(in: reference) { transaction, bucket in
                if let preconditions {
                    let current = try transaction.object(draft.key, in: bucket)
                    try preconditions.check(current.flatMap { $0.isDeleteMarker ? nil : $0 }, key: draft.key)
                }
                let (version, unneeded) = try transaction.put(draft, in: bucket, for: call)
                try transaction.notify(.created(event, draft, version: version), of: bucket, in: call)
                transaction.afterCommit { files.remove(unneeded) }
                return (bucket.versioning == .enabled ? version : nil, call.now)
            }
        }
    }

    /// Removes `names` if `body` fails.
    func discarding<T>(_ names: [String], _ body: () async throws -> T) async throws -> T {
        do {
            return try await translatingFullDisk(body)
        } catch {
            files.remove(names)
            throw error
        }
    }

    /// The bytes of an object that exists, looked up again if it was overwritten between row and file.
    ///
    /// - Parameters:
    ///   - caller: on whose behalf KMS opens the object's key; the call's own for `nil`.
    func open(
        _ reference: ObjectReference, with customerKey: CustomerKey? = nil, in call: Call, as caller: Caller? = nil,
        for purpose: ReadPurpose = .answer, choose: (StoredObject) throws -> Range<Int64>
    ) async throws -> (object: StoredObject, body: ByteStream) {
        let bucket = try await bucket(reference.bucket)
        var attempts = 0
        while true {
            let (object, range, content) = try await read { snapshot in
                let (object, content) = try snapshot.existingContent(reference, in: bucket)
                let range = try choose(object)
                try object.checkReadable(for: purpose)
                return (object, range, content)
            }
            let key = try await keys.open(
                object.encryption, with: customerKey, KeyRequest(for: object.key, in: bucket, call, as: caller))
            do {
                return (object, try await ContentReader.stream(content, range: range, files: files, key: key))
            } catch FileError.missing(let path) {
                attempts += 1
                guard attempts < 10 else { throw FileError.missing(path) }
            }
        }
    }

    private func translatingFullDisk<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch FileError.full {
            throw ServiceError("InsufficientStorage", "There is no space left to store the object.", status: 507)
        } catch StorageError.full {
            throw ServiceError("InsufficientStorage", "There is no space left to store the object.", status: 507)
        }
    }
}
