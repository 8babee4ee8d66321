import ServiceKit

/// A function as a request named it: which version, and by which ARN.
struct ResolvedFunction: Sendable {
    let version: FunctionVersion
    /// With the qualifier the request used.
    let arn: ARN
    let qualifier: String?
    let reservedConcurrency: Int?
}

extension LambdaStore {
    /// Finds the version a request means.
    ///
    /// - Parameter qualifier: beside the name; a qualifier within the name counts where this is `nil`.
    /// - Throws: `ResourceNotFoundException`.
    func resolve(_ name: FunctionName, _ qualifier: String?, in call: Call) async throws -> ResolvedFunction {
        try await resolve(name.key(in: call), try name.qualifier(or: qualifier))
    }

    func resolve(_ key: FunctionKey, _ qualifier: String?) async throws -> ResolvedFunction {
        let arn = key.arn(qualifier)
        return try await read { snapshot in
            guard let record = try snapshot.function(key) else { throw ServiceError.functionNotFound(arn.description) }
            var wanted = qualifier ?? FunctionVersion.latest
            if !wanted.isVersion {
                guard let alias = try snapshot.alias(wanted, of: key) else {
                    throw ServiceError.functionNotFound(arn.description)
                }
                wanted = alias.version(draw: .random(in: 0..<1))
            }
            guard let version = try snapshot.version(wanted, of: key) else {
                throw ServiceError.functionNotFound(arn.description)
            }
            return ResolvedFunction(
                version: version, arn: arn, qualifier: qualifier, reservedConcurrency: record.reservedConcurrency)
        }
    }
}

extension FunctionName {
    /// One qualifier from the name and the parameter; AWS refuses two that differ.
    func qualifier(or parameter: String?) throws -> String? {
        guard let qualifier, let parameter, qualifier != parameter else { return qualifier ?? parameter }
        throw ServiceError.invalid(
            "The derived qualifier from the function name does not match the specified qualifier.")
    }
}

extension String {
    /// `$LATEST` or digits; anything else is an alias.
    var isVersion: Bool { self == FunctionVersion.latest || utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
}
