import ServiceKit

/// Lists the versions and delete markers of a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html)
struct ListObjectVersions: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let prefix: String?
        let delimiter: String?
        let keyMarker: String?
        let versionMarker: String?
        let maxKeys: Int?
        let wantsRestoreStatus: Bool
        let encodingType: String?
        let encoding: ListingEncoding

        init(_ member: Members) throws {
            bucket = try BucketReference(member, asksPayer: true)
            prefix = try member("Prefix")
            delimiter = try (member("Delimiter") as String?).flatMap { $0.isEmpty ? nil : $0 }
            keyMarker = try member("KeyMarker")
            versionMarker = try member("VersionIdMarker")
            maxKeys = try member("MaxKeys")
            wantsRestoreStatus = try OptionalObjectAttribute.asksForRestoreStatus(member)
            encodingType = try member("EncodingType")
            encoding = try ListingEncoding(encodingType)
            if versionMarker != nil, keyMarker == nil {
                throw ServiceError.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.", "version-id-marker",
                    versionMarker ?? "")
            }
        }
    }

    struct Output: OutputShape {
        let input: Input
        let bucket: Bucket
        let charge: RequestCharge
        let limit: Int
        let listing: Listing<ListedVersion>
        let nextVersion: String?

        func write(to json: inout JSONWriter) {
            let encoding = input.encoding
            json.member("Name", bucket.name)
            json.member("Prefix", encoding(input.prefix ?? ""))
            json.member("Delimiter", encoding(input.delimiter))
            json.member("KeyMarker", encoding(input.keyMarker ?? ""))
            json.member("VersionIdMarker", input.versionMarker ?? "")
            json.member("MaxKeys", limit)
            json.member("EncodingType", input.encodingType)
            json.member("IsTruncated", listing.next != nil)
            json.member("NextKeyMarker", encoding(listing.next))
            json.member("NextVersionIdMarker", nextVersion)
            let markers = listing.items.filter(\.object.isDeleteMarker)
            write(listing.items.filter { !$0.object.isDeleteMarker }, as: "Versions", to: &json)
            if !markers.isEmpty { write(markers, as: "DeleteMarkers", to: &json) }
            json.write(commonPrefixes: listing.prefixes, encoding)
            json.member(charge)
        }

        private func write(_ versions: [ListedVersion], as name: String, to json: inout JSONWriter) {
            json.member(name) { json in
                json.array { json in
                    for version in versions { json.object { write(version, to: &$0) } }
                }
            }
        }

        private func write(_ version: ListedVersion, to json: inout JSONWriter) {
            if version.object.isDeleteMarker {
                json.member("Key", input.encoding(version.object.key))
                json.member("LastModified", version.object.modified)
                json.member("Owner", version.object.owner ?? bucket.owner)
            } else {
                version.object.write(to: &json, input.encoding, owner: bucket.owner)
            }
            json.member("VersionId", version.object.version)
            json.member("IsLatest", version.isLatest)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.listPermission(
            "s3:ListBucketVersions", on: input.bucket, prefix: input.prefix, delimiter: input.delimiter,
            maxKeys: input.maxKeys, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        let query = try ListingQuery(
            prefix: input.prefix, delimiter: input.delimiter, after: input.keyMarker, limit: input.maxKeys)
        let (listing, next) = try await store.read { snapshot in
            let (listing, next) = try snapshot.versions(in: bucket, query, afterVersion: input.versionMarker)
            guard input.wantsRestoreStatus else { return (listing, next) }
            return (
                try listing.mapItems { ListedVersion(try snapshot.withRestoration($0.object), $0.isLatest) }, next
            )
        }
        return Output(
            input: input, bucket: bucket, charge: bucket.charge(to: call.caller), limit: query.limit, listing: listing,
            nextVersion: next)
    }
}
