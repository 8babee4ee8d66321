import ServiceKit

/// Where a deployment package comes from: the request itself, or a bucket.
struct CodeSource: InputShape {
    let zipFile: Blob?
    let bucket: String?
    let key: String?
    let objectVersion: String?

    init(zipFile: Blob?, bucket: String?, key: String?, objectVersion: String?) {
        (self.zipFile, self.bucket, self.key, self.objectVersion) = (zipFile, bucket, key, objectVersion)
    }

    init(_ member: Members) throws {
        zipFile = try member("ZipFile")
        bucket = try member("S3Bucket")
        key = try member("S3Key")
        objectVersion = try member("S3ObjectVersion")
        guard try (member("ImageUri") as String?) == nil else {
            throw ServiceError.invalid("Container images are not supported by Apus: deploy a ZIP package.")
        }
    }

    /// Reads the archive; an object is read with the caller's own permissions.
    func archive(by client: ServiceClient, in call: Call) async throws -> [UInt8] {
        if let zipFile { return zipFile.bytes }
        guard let bucket, let key else {
            throw ServiceError.invalid("Please provide a source for function code.")
        }
        var options = ServiceClient.Options()
        options.region = call.region
        options.isIdempotent = true
        do {
            let reply = try await client.call("s3", "GetObject", as: call.caller, options: options) { json in
                json.member("Bucket", bucket)
                json.member("Key", key)
                json.member("VersionId", objectVersion)
            }
            return try await reply.stream?.collect(upTo: PackageStore.archiveLimit) ?? []
        } catch let error as ServiceError where !error.isTransient {
            throw ServiceError.invalid(
                "Error occurred while GetObject. S3 Error Code: \(error.code). S3 Error Message: \(error.message)")
        } catch ByteStreamError.tooLong {
            throw ServiceError.unusableArchive(.tooLarge)
        }
    }
}
