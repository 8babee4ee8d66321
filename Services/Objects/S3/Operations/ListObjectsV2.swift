import ServiceKit

/// Lists the objects of a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)
struct ListObjectsV2: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let prefix: String?
        let delimiter: String?
        let startAfter: String?
        let continuationToken: String?
        let maxKeys: Int?
        let wantsOwner: Bool
        let wantsRestoreStatus: Bool
        let encodingType: String?
        let encoding: ListingEncoding

        init(_ member: Members) throws {
            bucket = try BucketReference(member, asksPayer: true)
            prefix = try member("Prefix")
            delimiter = try (member("Delimiter") as String?).flatMap { $0.isEmpty ? nil : $0 }
            startAfter = try member("StartAfter")
            continuationToken = try member("ContinuationToken")
            maxKeys = try member("MaxKeys")
            wantsOwner = try member("FetchOwner") ?? false
            wantsRestoreStatus = try OptionalObjectAttribute.asksForRestoreStatus(member)
            encodingType = try member("EncodingType")
            encoding = try ListingEncoding(encodingType)
        }

        func query() throws -> ListingQuery {
            let token = continuationToken.flatMap { $0.isEmpty ? nil : $0 }
            let after = try token.map(ContinuationToken.open) ?? startAfter
            return try ListingQuery(prefix: prefix, delimiter: delimiter, after: after, limit: maxKeys)
        }
    }

    struct Output: OutputShape {
        let input: Input
        let bucket: Bucket
        let caller: Caller
        let limit: Int
        let lines: [UInt8]
        let end: ListingEnd

        func write(to json: inout JSONWriter) {
            let encoding = input.encoding
            json.member("Name", bucket.name)
            json.member("Prefix", encoding(input.prefix ?? ""))
            json.member("Delimiter", encoding(input.delimiter))
            json.member("MaxKeys", limit)
            json.member("EncodingType", input.encodingType)
            json.member("KeyCount", end.count)
            json.member("IsTruncated", end.next != nil)
            json.member("ContinuationToken", input.continuationToken)
            json.member("NextContinuationToken", end.next.map(ContinuationToken.seal))
            json.member("StartAfter", encoding(input.startAfter))
            json.write(contents: lines, end, encoding)
            json.member(bucket.charge(to: caller))
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.listPermission(
            on: input.bucket, prefix: input.prefix, delimiter: input.delimiter, maxKeys: input.maxKeys, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        let query = try input.query()
        let form = ListingForm(
            encoding: input.encoding, owner: input.wantsOwner ? bucket.owner : nil,
            wantsRestoreStatus: input.wantsRestoreStatus)
        let (lines, end) = try await store.read { try $0.objects(in: bucket, query, as: form) }
        return Output(
            input: input, bucket: bucket, caller: call.caller, limit: query.limit, lines: lines, end: end)
    }
}

/// Where the next page begins: opaque to callers, but no secret, for it grants nothing.
enum ContinuationToken {
    static func seal(_ position: String) -> String { Base64.string([1] + Array(position.utf8), .url) }

    /// - Throws: `InvalidArgument`
    static func open(_ token: String) throws -> String {
        guard let bytes = Base64.decode(Array(token.utf8), .url), bytes.first == 1,
            let position = String(validating: bytes.dropFirst(), as: UTF8.self)
        else {
            throw ServiceError.invalidArgument(
                "The continuation token provided is incorrect", "continuation-token", token)
        }
        return position
    }
}

extension JSONWriter {
    /// Objects and common prefixes, as both listings of objects answer them.
    mutating func write(contents lines: [UInt8], _ end: ListingEnd, _ encoding: ListingEncoding) {
        member("Contents") { $0.raw(lines) }
        write(commonPrefixes: end.prefixes, encoding)
    }

    mutating func write(commonPrefixes prefixes: [String], _ encoding: ListingEncoding) {
        guard !prefixes.isEmpty else { return }
        member("CommonPrefixes") { json in
            json.array { json in
                for prefix in prefixes { json.object { $0.member("Prefix", encoding(prefix)) } }
            }
        }
    }
}

extension S3Store {
    /// `s3:ListBucket` with the keys that policies narrow a listing by.
    func listPermission(
        _ action: String = "s3:ListBucket", on bucket: BucketReference, prefix: String?, delimiter: String?,
        maxKeys: Int?, in call: Call
    ) async throws -> [Permission] {
        var context: [String: [String]] = [:]
        if let prefix { context["s3:prefix"] = [prefix] }
        if let delimiter { context["s3:delimiter"] = [delimiter] }
        if let maxKeys { context["s3:max-keys"] = ["\(maxKeys)"] }
        return [try await permission(action, on: bucket, in: call, context: context)]
    }
}
