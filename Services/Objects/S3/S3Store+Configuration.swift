import ServiceKit

extension S3Store {
    /// Stores a configuration document as it was given, or removes it for `nil`.
    func setConfiguration(
        _ kind: ConfigurationKind, of reference: BucketReference, to configuration: JSONValue?
    ) async throws {
        let body = configuration.map { Array($0.rawBytes) }
        try await write(in: reference) { try $0.setConfiguration(kind, of: $1.id, to: body) }
    }
}
