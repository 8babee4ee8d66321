import ServiceKit

extension Snapshot {
    private static var layerColumns: String {
        """
        SELECT account, region, name, number, sha256, size, unpacked, description, license, runtimes, architectures,
            created
        FROM layer_version
        """
    }

    /// - Parameter deletedToo: functions keep the layers they were given, whatever became of them.
    func layer(_ arn: LayerVersionARN, deletedToo: Bool = false) throws -> LayerVersion? {
        try first(
            """
            \(Snapshot.layerColumns)
            WHERE account = ? AND region = ? AND name = ? AND number = ? AND (? OR deleted = 0)
            """, arn.layer.account, arn.layer.region, arn.layer.name, arn.number, deletedToo, body: Self.layer)
    }

    /// The versions of a layer below a number, the newest first.
    func layers(of name: LayerName, below number: Int, limit: Int) throws -> [LayerVersion] {
        try rows(
            """
            \(Snapshot.layerColumns)
            WHERE account = ? AND region = ? AND name = ? AND number < ? AND deleted = 0 ORDER BY number DESC LIMIT ?
            """, name.account, name.region, name.name, number, limit, body: Self.layer)
    }

    /// The names of an account's layers behind a name, in their order.
    func layerNames(account: String, region: String, after name: String, limit: Int) throws -> [String] {
        try rows(
            """
            SELECT DISTINCT name FROM layer_version
            WHERE account = ? AND region = ? AND name > ? AND deleted = 0 ORDER BY name LIMIT ?
            """, account, region, name, limit
        ) { try $0[0] }
    }

    /// The packages of the layers that still exist.
    func layerPackages() throws -> [String] {
        try rows("\(Snapshot.layerColumns) WHERE deleted = 0", body: Self.layer).map(\.package.name)
    }

    private static func layer(_ row: Row) throws -> LayerVersion {
        guard let package = Package(codeSHA256: try row[4], size: try row[5]) else {
            throw MemberError.invalid("sha256")
        }
        return LayerVersion(
            name: LayerName(account: try row[0], region: try row[1], name: try row[2]), number: try row[3],
            package: package, unpackedSize: try row[6], description: try row[7], licenseInfo: try row[8],
            compatibleRuntimes: try [String](json: JSONDocument(row[9]).root),
            compatibleArchitectures: try [String](json: JSONDocument(row[10]).root), created: try row[11])
    }
}

extension Transaction {
    /// The number of a layer's next version: numbers of deleted ones are not given again.
    func nextLayerNumber(of name: LayerName) throws -> Int {
        let last: Int? = try value(
            "SELECT MAX(number) FROM layer_version WHERE account = ? AND region = ? AND name = ?", name.account,
            name.region, name.name, as: Int?.self
        ).flatMap { $0 }
        return (last ?? 0) + 1
    }

    func insert(_ layer: LayerVersion) throws {
        try execute(
            """
            INSERT INTO layer_version (account, region, name, number, sha256, size, unpacked, description, license,
                runtimes, architectures, created, deleted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """, layer.name.account, layer.name.region, layer.name.name, layer.number, layer.package.codeSHA256,
            layer.package.size, layer.unpackedSize, layer.description, layer.licenseInfo,
            Self.encode(layer.compatibleRuntimes), Self.encode(layer.compatibleArchitectures), layer.created)
    }

    /// Takes a version away from those who would use it from now on; functions that have it keep it.
    func deleteLayer(_ arn: LayerVersionARN) throws {
        try execute(
            "UPDATE layer_version SET deleted = 1 WHERE account = ? AND region = ? AND name = ? AND number = ?",
            arn.layer.account, arn.layer.region, arn.layer.name, arn.number)
    }

    private static func encode(_ texts: [String]) -> [UInt8] {
        var json = JSONWriter()
        json.value(texts)
        return json.bytes
    }
}
