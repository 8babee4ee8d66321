import ServiceKit

/// Lists the objects of a bucket, in the older form.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html)
struct ListObjects: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let prefix: String?
        let delimiter: String?
        let marker: String?
        let maxKeys: Int?
        let wantsRestoreStatus: Bool
        let encodingType: String?
        let encoding: ListingEncoding

        init(_ member: Members) throws {
            bucket = try BucketReference(member, asksPayer: true)
            prefix = try member("Prefix")
            delimiter = try (member("Delimiter") as String?).flatMap { $0.isEmpty ? nil : $0 }
            marker = try member("Marker")
            maxKeys = try member("MaxKeys")
            wantsRestoreStatus = try OptionalObjectAttribute.asksForRestoreStatus(member)
            encodingType = try member("EncodingType")
            encoding = try ListingEncoding(encodingType)
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
            json.member("Marker", encoding(input.marker ?? ""))
            json.member("MaxKeys", limit)
            json.member("EncodingType", input.encodingType)
            json.member("IsTruncated", end.next != nil)
            // Without a delimiter the last key serves as the marker.
            if input.delimiter != nil { json.member("NextMarker", encoding(end.next)) }
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
        let query = try ListingQuery(
            prefix: input.prefix, delimiter: input.delimiter, after: input.marker, limit: input.maxKeys)
        let form = ListingForm(
            encoding: input.encoding, owner: bucket.owner, wantsRestoreStatus: input.wantsRestoreStatus)
        let (lines, end) = try await store.read { try $0.objects(in: bucket, query, as: form) }
        return Output(
            input: input, bucket: bucket, caller: call.caller, limit: query.limit, lines: lines, end: end)
    }
}
