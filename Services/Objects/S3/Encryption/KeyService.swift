import ServiceKit

/// KMS as S3 uses it: on behalf of whoever asks S3, with their permissions and none of its own.
///
/// [SSE-KMS](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)
struct KeyService: Sendable {
    /// Of the pair that tells what a key is for.
    static let arnName = "aws:s3:arn"
    private static let timeout = Duration.seconds(10)

    let client: ServiceClient

    /// A new key for an object, and what KMS makes of it.
    func make(
        _ wish: ManagedKeyWish, _ request: KeyRequest
    ) async throws -> (key: DataKey, managed: ManagedKey, sealed: [UInt8]) {
        let reply = try await call("GenerateDataKey", request) { json in
            json.member("KeyId", wish.keyID)
            json.member("KeySpec", "AES_256")
            json.member("EncryptionContext", context(wish.context, wish.usesBucketKey, request))
        }
        let member = try Members(reply.output)
        let plaintext: Blob = try member("Plaintext")
        let sealed: Blob = try member("CiphertextBlob")
        let managed = ManagedKey(
            arn: try member("KeyId"), context: wish.context, usesBucketKey: wish.usesBucketKey)
        return (DataKey(bytes: plaintext.bytes), managed, sealed.bytes)
    }

    /// A key that an object has already, and what KMS makes of it.
    func seal(
        _ key: DataKey, _ wish: ManagedKeyWish, _ request: KeyRequest
    ) async throws -> (managed: ManagedKey, sealed: [UInt8]) {
        let reply = try await call("Encrypt", request) { json in
            json.member("KeyId", wish.keyID)
            json.member("Plaintext", Blob(key.bytes))
            json.member("EncryptionContext", context(wish.context, wish.usesBucketKey, request))
        }
        let member = try Members(reply.output)
        let sealed: Blob = try member("CiphertextBlob")
        let managed = ManagedKey(
            arn: try member("KeyId"), context: wish.context, usesBucketKey: wish.usesBucketKey)
        return (managed, sealed.bytes)
    }

    func open(_ sealed: [UInt8], under managed: ManagedKey, _ request: KeyRequest) async throws -> DataKey {
        let reply = try await call("Decrypt", request) { json in
            json.member("CiphertextBlob", Blob(sealed))
            json.member("KeyId", managed.arn)
            json.member("EncryptionContext", context(managed.context, managed.usesBucketKey, request))
        }
        let plaintext: Blob = try Members(reply.output)("Plaintext")
        return DataKey(bytes: plaintext.bytes)
    }

    /// The request's own pairs, and what the key is for where they do not say it.
    private func context(
        _ given: KeyContext?, _ usesBucketKey: Bool, _ request: KeyRequest
    ) -> [String: String] {
        let arn = usesBucketKey ? request.bucket.arn : request.bucket.arn(of: request.key)
        return (given?.pairs ?? [:]).merging([Self.arnName: arn.description]) { given, _ in given }
    }

    private func call(
        _ operation: String, _ request: KeyRequest, _ input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        guard request.caller.kind != .anonymous, request.caller.context["s3:signatureversion"] != ["AWS"] else {
            throw ServiceError.managedKeysNeedSignatures
        }
        let region = request.bucket.region
        var caller = request.caller
        caller.context["kms:ViaService"] = ["s3.\(region).amazonaws.com"]
        caller.context["aws:CalledVia"] = ["s3.amazonaws.com"]
        var options = ServiceClient.Options()
        options.region = region
        options.timeout = Self.timeout
        options.isIdempotent = true
        options.trace = request.call.trace
        options.source = request.call.source
        do {
            return try await client.call("kms", operation, as: caller, options: options, input: input)
        } catch let error as ServiceError {
            throw error.saidByS3
        }
    }
}

/// For which object KMS is asked, and on whose behalf.
struct KeyRequest: Sendable {
    let key: String
    let bucket: Bucket
    let caller: Caller
    let call: Call

    /// - Parameter caller: where it is another than the call's: a website's visitors are anybody.
    init(for key: String, in bucket: Bucket, _ call: Call, as caller: Caller? = nil) {
        self.key = key
        self.bucket = bucket
        self.caller = caller ?? call.caller
        self.call = call
    }
}

extension ServiceError {
    /// A refusal of KMS as S3 hands it on.
    fileprivate var saidByS3: ServiceError {
        if status >= 500 { return self }
        if code == "AccessDeniedException" { return ServiceError("AccessDenied", message, status: 403) }
        return ServiceError("KMS.\(code)", message)
    }
}
