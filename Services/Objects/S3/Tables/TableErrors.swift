import ServiceKit

/// S3 Tables' errors.
///
/// [Error codes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_S3_Tables.html)
extension ServiceError {
    static let tableBucketNotFound = ServiceError(
        "NotFoundException", "The specified bucket does not exist.", status: 404)
    static let namespaceNotFound = ServiceError(
        "NotFoundException", "The specified namespace does not exist.", status: 404)
    static let tableNotFound = ServiceError("NotFoundException", "The specified table does not exist.", status: 404)
    static let tableBucketExists = ServiceError(
        "ConflictException", "The bucket that you tried to create already exists, and you own it.", status: 409)
    static let tableBucketNotEmpty = ServiceError(
        "ConflictException", "The bucket that you tried to delete is not empty.", status: 409)
    static let namespaceExists = ServiceError(
        "ConflictException", "A namespace with an identical name already exists in the bucket.", status: 409)
    static let managedTableBucket = ServiceError(
        "ForbiddenException", "The operation is not allowed on a table bucket that AWS manages.", status: 403)
    static let namespaceNotEmpty = ServiceError(
        "ConflictException", "The namespace that you tried to delete is not empty.", status: 409)
    static let tablePolicyNotFound = ServiceError(
        "NotFoundException", "The specified resource does not have a policy.", status: 404)
    static let noRecordExpiration = ServiceError(
        "MethodNotAllowedException", "The table does not support record expiration.", status: 405)
    /// Of what was read before.
    static let tableChanged = ServiceError(
        "ConflictException", "The table was changed by another request.", status: 409)
    static func badTableRequest(_ message: String) -> ServiceError { ServiceError("BadRequestException", message) }
}

/// [Naming rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html)
enum TableNames {
    static func isBucket(_ name: String) -> Bool {
        let reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo", "aws"]
        let reservedSuffixes = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"]
        return isMadeOf(name, "-") && (3...63).contains(name.utf8.count)
            && !reservedPrefixes.contains(where: name.hasPrefix)
            && !reservedSuffixes.contains(where: name.hasSuffix)
    }

    static func isNamespace(_ name: String) -> Bool { isTable(name) && !name.hasPrefix("aws") }

    static func isTable(_ name: String) -> Bool { isMadeOf(name, "_") && (1...255).contains(name.utf8.count) }

    /// Small letters, digits, and inside a sign.
    private static func isMadeOf(_ name: String, _ sign: Unicode.Scalar) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
        guard let first = name.utf8.first, let last = name.utf8.last, isPlain(first), isPlain(last) else {
            return false
        }
        return name.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: sign) }
    }
}
