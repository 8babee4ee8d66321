import HTTPTypes
import JSON

/// Where S3's wire is not what its model says.
enum S3Wire {
    static let service = "s3"

    /// Operations that share their URI with the one that replaced them.
    static let superseded: Set = [
        "GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification",
    ]

    /// Operations that share their URI with another one and are told from it by this parameter: SDKs send it with every
    /// request, and to those that do not the gateway adds it.
    static let identified = ["ListDirectoryBuckets": "x-id"]

    /// Statuses of success that the model does not tell.
    static let statuses = ["PutBucketPolicy": 204]

    /// Statuses that tell more than that there was success: a part of an object, a copy that is on its way. The model has
    /// no member for the second, so its owner answers with one of its own, `IsAccepted`.
    static func status(of answer: JSONValue, _ fields: HTTPFields) -> Int? {
        if fields.contains("Content-Range") { return 206 }
        return answer["IsAccepted"]?.bool == true ? 202 : nil
    }

    /// Headers that S3 answers with and the model does not have, by operation and the members their owner says them by.
    static let moreHeaders = [
        "CompleteMultipartUpload": [
            "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
            "SSECustomerKeyMD5": "x-amz-server-side-encryption-customer-key-MD5",
        ]
    ]

    /// The root elements of answers, by output shape; the model has lost them.
    static let rootNames = [
        "CompleteMultipartUploadOutput": "CompleteMultipartUploadResult",
        "CreateMultipartUploadOutput": "InitiateMultipartUploadResult",
        "CreateSessionOutput": "CreateSessionResult",
        "DeleteObjectsOutput": "DeleteResult",
        "GetBucketAccelerateConfigurationOutput": "AccelerateConfiguration",
        "GetBucketAclOutput": "AccessControlPolicy",
        "GetBucketCorsOutput": "CORSConfiguration",
        "GetBucketLifecycleConfigurationOutput": "LifecycleConfiguration",
        "GetBucketLoggingOutput": "BucketLoggingStatus",
        "GetBucketRequestPaymentOutput": "RequestPaymentConfiguration",
        "GetBucketTaggingOutput": "Tagging",
        "GetBucketVersioningOutput": "VersioningConfiguration",
        "GetBucketWebsiteOutput": "WebsiteConfiguration",
        "GetObjectAclOutput": "AccessControlPolicy",
        "GetObjectAttributesOutput": "GetObjectAttributesResponse",
        "GetObjectTaggingOutput": "Tagging",
        "ListBucketAnalyticsConfigurationsOutput": "ListBucketAnalyticsConfigurationResult",
        "ListBucketInventoryConfigurationsOutput": "ListInventoryConfigurationsResult",
        "ListBucketMetricsConfigurationsOutput": "ListMetricsConfigurationsResult",
        "ListBucketsOutput": "ListAllMyBucketsResult",
        "ListDirectoryBucketsOutput": "ListAllMyDirectoryBucketsResult",
        "ListMultipartUploadsOutput": "ListMultipartUploadsResult",
        "ListObjectVersionsOutput": "ListVersionsResult",
        "ListObjectsOutput": "ListBucketResult",
        "ListObjectsV2Output": "ListBucketResult",
        "ListPartsOutput": "ListPartsResult",
    ]

    /// Members of errors that travel as headers, because 304 and the answers to HEAD have no body.
    private static let errorHeaders = [
        "ETag": "ETag", "LastModified": "Last-Modified", "DeleteMarker": "x-amz-delete-marker",
        "VersionId": "x-amz-version-id",
    ]

    static func addHeaders(of members: JSONValue, to fields: inout HTTPFields) {
        for member in members.members {
            guard let name = errorHeaders[member.name] else { continue }
            let text = member.value.string ?? member.value.bool.map { $0 ? "true" : "false" }
            if let text { fields[name] = text }
        }
    }

    static let malformedXML = WireError(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")

    /// Headers that an operation does not have in the model, and must not have: only writes say how they encipher.
    static func check(_ fields: HTTPFields, of operation: OperationModel) throws(WireFault) {
        guard operation.name == "GetObject" || operation.name == "HeadObject" else { return }
        let name = "x-amz-server-side-encryption"
        if fields.contains(name) {
            throw WireFault(.invalidValue, "\(name) header is not supported for this operation.")
        }
    }

    /// GetBucketLocation's member is the text of the root element itself.
    static func location(_ region: String, namespace: String?) -> [UInt8] {
        var xml = XMLWriter(declaration: true)
        xml.element("LocationConstraint", region, [("xmlns", namespace ?? "")])
        return xml.bytes
    }
}
