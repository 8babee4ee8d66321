import ServiceKit

/// Stores an object.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html)
struct PutObject: AWSOperation {
    /// An object, as every step holds it.
    final class Input: InputShape {
        let object: ObjectReference
        let length: Int64?
        let claim: ChecksumClaim
        let headers: ObjectHeaders
        let tags: Tags
        let storageClass: String
        let preconditions: WritePreconditions
        let encryption: RequestedEncryption
        let lock: RequestedLock
        let access: RequestedAccess
        private let written: WriteConditions

        init(_ member: Members) throws {
            object = try ObjectReference(member, versioned: false)
            length = try member("ContentLength")
            claim = try ChecksumClaim(member)
            headers = try ObjectHeaders(member)
            tags = try Tags(header: try member("Tagging"))
            storageClass = try StorageClass.checked(try member("StorageClass"))
            preconditions = try WritePreconditions(member)
            encryption = try RequestedEncryption(member)
            lock = try RequestedLock(member)
            access = try RequestedAccess(member)
            written = try WriteConditions(member, creates: true)
        }

        /// Condition keys of the write.
        func conditions(at now: Timestamp) -> [String: [String]] {
            written.keys(
                with: encryption.conditions, access.conditions, tags.requestConditions, lock.conditions(at: now))
        }
    }

    struct Answer: OutputShape {
        let etag: String
        let checksum: ContentChecksum
        let version: String?
        let encryption: Encryption
        let expiry: String?

        func write(to json: inout JSONWriter) {
            json.member("ETag", etag)
            checksum.write(to: &json)
            encryption.write(to: &json, tellsContext: true)
            json.member("VersionId", version)
            json.member("Expiration", expiry)
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
        let (key, encryption) = try await store.keys.make(
            for: try input.encryption.choice(in: bucket), KeyRequest(for: input.object.key, in: bucket, call))
        let received = try await store.receive(call, declared: input.length, claim: input.claim, under: key)
        let draft = ObjectDraft(
            key: input.object.key, size: received.size, etag: encryption.entityTag(received.md5, key),
            checksum: received.checksum, headers: input.headers, tags: input.tags, storageClass: input.storageClass,
            content: received.content, encryption: encryption, lock: lock, list: list)
        let (version, modified) = try await store.put(
            draft, in: input.object.bucket, if: input.preconditions, event: call.isForm ? "Post" : "Put", call: call)
        let output = Answer(
            etag: "\"\(draft.etag)\"", checksum: received.checksum, version: version, encryption: encryption,
            expiry: bucket.expiry(of: draft, modified: modified))
        return Output(answer: output, charge: bucket.charge(to: call.caller))
    }
}

extension Call {
    /// A browser's form, which the gateway made this call of.
    fileprivate var isForm: Bool { source.visit?.requestLine.utf8.starts(with: "POST ".utf8) ?? false }
}
