import ServiceKit

extension ServiceError {
    static func noMetadataConfiguration(_ bucket: String) -> ServiceError {
        .noSuchConfiguration(
            "MetadataConfigurationNotFound", "The metadata table configuration does not exist.", bucket)
    }

    static func metadataConfigurationExists(_ bucket: String) -> ServiceError {
        ServiceError(
            "MetadataConfigurationAlreadyExists", "The metadata table configuration already exists.", status: 409
        ) { $0.member("BucketName", bucket) }
    }
}
