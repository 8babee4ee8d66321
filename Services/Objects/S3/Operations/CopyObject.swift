import ServiceKit

/// Copies an object.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)
struct CopyObject: AWSOperation {
    /// An object, as every step holds it.
    final class Input: InputShape {
        let source: CopySource
        let target: ObjectReference
        let replacesMetadata: Bool
        private let metadataDirective: String?
        let replacesTags: Bool
        let headers: ObjectHeaders
        let tags: Tags
        let storageClass: String?
        let algorithm: ChecksumAlgorithm?
        let preconditions: WritePreconditions
        let sourceKey: CustomerKeyHeaders
        let encryption: RequestedEncryption
        let lock: RequestedLock
        let access: RequestedAccess
        private let written: WriteConditions

        init(_ member: Members) throws {
            source = try CopySource(member)
            target = try ObjectReference(member, versioned: false)
            metadataDirective = try member("MetadataDirective")
            replacesMetadata = try Self.replaces(member, "MetadataDirective")
            replacesTags = try Self.replaces(member, "TaggingDirective")
            headers = try ObjectHeaders(member)
            tags = try Tags(header: try member("Tagging"))
            storageClass = try (member("StorageClass") as String?).map { try StorageClass.checked($0) }
            algorithm = try ChecksumAlgorithm.named(try member("ChecksumAlgorithm"))
            preconditions = try WritePreconditions(member)
            sourceKey = try CustomerKeyHeaders(member, prefix: "CopySource")
            encryption = try RequestedEncryption(member)
            lock = try RequestedLock(member)
            access = try RequestedAccess(member)
            written = try WriteConditions(member, creates: true)
        }

        /// Condition keys of the write.
        func conditions(at now: Timestamp) -> [String: [String]] {
            written.keys(
                with: encryption.conditions, access.conditions, tags.requestConditions, source.conditions,
                directiveConditions, lock.conditions(at: now))
        }

        private var directiveConditions: [String: [String]] {
            metadataDirective.map { ["s3:x-amz-metadata-directive": [$0]] } ?? [:]
        }

        private static func replaces(_ member: Members, _ directive: String) throws -> Bool {
            switch try member(directive) as String? {
            case nil, "COPY": return false
            case "REPLACE": return true
            case let value?: throw ServiceError.invalidArgument("Unknown metadata directive.", directive, value)
            }
        }

        /// A copy onto itself must change something.
        var changesSomething: Bool {
            replacesMetadata || storageClass != nil || headers.websiteRedirectLocation != nil
                || source.object.version != nil || encryption.isGiven
        }
    }

    struct Answer: OutputShape {
        let etag: String
        let modified: Timestamp
        let checksum: ContentChecksum?
        let version: String?
        let sourceVersion: String?
        let encryption: Encryption
        let expiry: String?

        func write(to json: inout JSONWriter) {
            json.member("CopyObjectResult") { json in
                json.object { json in
                    json.member("ETag", etag)
                    json.member("LastModified", modified)
                    checksum?.write(to: &json)
                }
            }
            json.member("VersionId", version)
            json.member("CopySourceVersionId", sourceVersion)
            json.member("Expiration", expiry)
            encryption.write(to: &json, tellsContext: true)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:GetObject", on: input.source.object, in: call)]
            + (try await store.writePermissions(
                on: input.target, input.conditions(at: call.now), input.replacesTags ? input.tags : nil, input.access,
                input.lock, in: call))
    }

    private func isItself(_ input: Input, in bucket: Bucket) async throws -> Bool {
        guard ObjectKey.equal(input.source.object.key, input.target.key) else { return false }
        return try await store.bucket(input.source.object.bucket).id == bucket.id
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.target.bucket)
        let isSelf = try await isItself(input, in: bucket)
        if isSelf, !input.changesSomething { throw ServiceError.copyToItself }
        let lock = try input.lock.lock(in: bucket, at: call.now)
        let list = try bucket.list(input.access, forObjectOf: call.caller)
        let choice = try input.encryption.choice(in: bucket)
        let sourceKey = try input.sourceKey.customerKey()
        let (source, body) = try await store.open(
            input.source.object, with: sourceKey, in: call, for: .copy
        ) { object in
            try input.source.preconditions.checkCopySource(object)
            return 0..<object.size
        }
        try await store.recheck("s3:GetObject", with: source, at: input.source.object, in: call)
        let (content, key, encryption) = try await store.copy(
            source, body, algorithm: input.algorithm, choice, KeyRequest(for: input.target.key, in: bucket, call))
        var draft = ObjectDraft(
            key: input.target.key, size: source.size, etag: encryption.entityTag(content.md5, key),
            checksum: content.checksum,
            headers: input.replacesMetadata ? input.headers : try source.headers,
            tags: input.replacesTags ? input.tags : source.tags,
            storageClass: input.storageClass ?? StorageClass.standard, content: content.content,
            encryption: encryption, lock: lock, list: list)
        draft.headers.websiteRedirectLocation = input.headers.websiteRedirectLocation
        let (version, modified) = try await store.put(
            draft, in: input.target.bucket, if: input.preconditions, event: "Copy", call: call)
        let sourceBucket = try await store.bucket(input.source.object.bucket)
        let output = Answer(
            etag: "\"\(draft.etag)\"", modified: modified, checksum: content.checksum, version: version,
            sourceVersion: sourceBucket.versioning == .unversioned ? nil : source.version,
            encryption: encryption, expiry: bucket.expiry(of: draft, modified: modified))
        return Output(answer: output, charge: bucket.charge(to: call.caller))
    }
}

extension S3Store {
    /// The same bytes once more. A file gets a second name, and its key a second seal, where its digests are known and
    /// the store holds both keys; otherwise it is read through, because a copy's entity tag is the MD5 of its bytes also
    /// where the source was uploaded in parts.
    fileprivate func copy(
        _ source: StoredObject, _ body: ByteStream, algorithm: ChecksumAlgorithm?, _ choice: EncryptionChoice,
        _ request: KeyRequest
    ) async throws -> (content: ReceivedContent, key: DataKey, encryption: Encryption) {
        if source.size > Limits.putSize {
            throw ServiceError.invalidRequest(
                "The specified copy source is larger than the maximum allowable size for a copy source: "
                    + "\(Limits.putSize)")
        }
        if case .store = choice, let (content, key) = try await linked(source, algorithm) {
            return (content, key, try keys.seal(key))
        }
        let (key, encryption) = try await keys.make(for: choice, request)
        let wanted = algorithm ?? source.checksum?.algorithm ?? .crc64nvme
        let content = try await ContentReceiver(files: files, claim: .none(computing: wanted), key: key)
            .receive(body, declared: source.size, limit: Limits.putSize)
        return (content, key, encryption)
    }

    private func linked(
        _ source: StoredObject, _ algorithm: ChecksumAlgorithm?
    ) async throws -> (content: ReceivedContent, key: DataKey)? {
        guard let checksum = source.checksum, checksum.type == .fullObject,
            algorithm ?? checksum.algorithm == checksum.algorithm, source.partCount == nil, !source.isInline,
            source.encryption?.method == .store, let key = try keys.openHere(source.encryption, with: nil),
            let md5 = Hex.decode(source.etag.utf8), let segments = try? await files.link(source.segments)
        else { return nil }
        let content = ReceivedContent(
            content: .segments(segments), size: source.size, md5: md5, checksum: checksum, crc: 0)
        return (content, key)
    }
}
