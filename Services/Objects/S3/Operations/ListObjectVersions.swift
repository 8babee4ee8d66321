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
        let listing: VersionListing

        func write(to json: inout JSONWriter) {
            let encoding = input.encoding
            json.member("Name", bucket.name)
            json.member("Prefix", encoding(input.prefix ?? ""))
            json.member("Delimiter", encoding(input.delimiter))
            json.member("KeyMarker", encoding(input.keyMarker ?? ""))
            json.member("VersionIdMarker", input.versionMarker ?? "")
            json.member("MaxKeys", limit)
            json.member("EncodingType", input.encodingType)
            json.member("IsTruncated", listing.end.next != nil)
            json.member("NextKeyMarker", encoding(listing.end.next))
            json.member("NextVersionIdMarker", listing.nextVersion)
            json.member("Versions") { $0.raw(listing.versions) }
            if listing.hasMarkers { json.member("DeleteMarkers") { $0.raw(listing.markers) } }
            json.write(commonPrefixes: listing.end.prefixes, encoding)
            json.member(charge)
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
        let form = ListingForm(
            encoding: input.encoding, owner: bucket.owner, wantsRestoreStatus: input.wantsRestoreStatus)
        let listing = try await store.read {
            try $0.versions(in: bucket, query, afterVersion: input.versionMarker, as: form)
        }
        return Output(
            input: input, bucket: bucket, charge: bucket.charge(to: call.caller), limit: query.limit, listing: listing)
    }
}
