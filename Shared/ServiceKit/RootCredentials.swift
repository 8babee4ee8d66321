/// The access key of the account's root, in the private file `root-credentials` of the data directory.
///
/// Whichever executable starts first makes it: `apus up` to print it, `auth` to verify with it.
public struct RootCredentials: Sendable, Equatable {
    /// `AKIA…`, 20 characters.
    public let accessKeyID: String
    /// 40 characters. Never to be logged.
    public let secretAccessKey: String

    static let fileName = "root-credentials"
    private static let longestFile = 4096

    /// Reads the file, after making it with a new random key where it is missing.
    ///
    /// - Throws: `FileBytes.Failure`, `ConfigError` for a file with other contents.
    public init(in dataDirectory: String) throws {
        let path = "\(dataDirectory)/\(Self.fileName)"
        _ = try FileBytes.createPrivate(path, Self.fresh().encoded)
        try self.init(file: path)
    }

    /// What the file holds, or `nil` where there is none yet.
    public static func existing(in dataDirectory: String) throws -> RootCredentials? {
        do {
            return try RootCredentials(file: "\(dataDirectory)/\(fileName)")
        } catch let failure as FileBytes.Failure where failure.isMissing {
            return nil
        }
    }

    private init(file path: String) throws {
        let text = String(decoding: try FileBytes.read(path, limit: Self.longestFile), as: UTF8.self)
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw ConfigError(name: path, value: "…", expected: "aws_access_key_id=… and aws_secret_access_key=…")
        }
        self.init(accessKeyID: String(id), secretAccessKey: String(secret))
    }

    private init(accessKeyID: String, secretAccessKey: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
    }

    /// 30 random bytes are 40 characters of base 64.
    private static func fresh() -> RootCredentials {
        RootCredentials(
            accessKeyID: Identifier.unique(prefix: "AKIA"),
            secretAccessKey: Base64.string(SecureRandom.bytes(30)))
    }

    private var encoded: [UInt8] {
        Array("aws_access_key_id=\(accessKeyID)\naws_secret_access_key=\(secretAccessKey)\n".utf8)
    }
}
