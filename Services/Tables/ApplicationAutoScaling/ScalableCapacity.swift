import ServiceKit

/// A capacity that can be scaled: of a DynamoDB table or of a global index, for reads or for writes.
public struct ScalableCapacity: Sendable, Hashable {
    public enum Direction: String, Sendable {
        case read = "Read"
        case write = "Write"
    }

    public let account: String
    public let region: String
    public let table: String
    /// `nil` for the table's own.
    public let index: String?
    public let direction: Direction

    public init(account: String, region: String, table: String, index: String? = nil, _ direction: Direction) {
        self.account = account
        self.region = region
        self.table = table
        self.index = index
        self.direction = direction
    }

    /// `nil` for a name that is not of the dimension's kind.
    ///
    /// - Parameters:
    ///   - resourceID: `table/Songs/index/byArtist`
    ///   - dimension: `dynamodb:index:ReadCapacityUnits`
    init?(account: String, region: String, resourceID: String, dimension: String) {
        let parts = resourceID.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let direction: Direction
        switch dimension.split(separator: ":").last {
        case "ReadCapacityUnits": direction = .read
        case "WriteCapacityUnits": direction = .write
        default: return nil
        }
        guard parts.count == 2 || (parts.count == 4 && parts[2] == "index"), parts[0] == "table",
            parts.allSatisfy({ !$0.isEmpty })
        else { return nil }
        self.init(
            account: account, region: region, table: parts[1], index: parts.count == 4 ? parts[3] : nil, direction)
        guard self.dimension == dimension else { return nil }
    }

    /// `table/Songs`, `table/Songs/index/byArtist`
    public var resourceID: String { index.map { "table/\(table)/index/\($0)" } ?? "table/\(table)" }

    /// `dynamodb:table:ReadCapacityUnits`
    public var dimension: String { "dynamodb:\(index == nil ? "table" : "index"):\(direction.rawValue)CapacityUnits" }

    /// The one predefined metric that fits: `DynamoDBReadCapacityUtilization`.
    public var metric: String { "DynamoDB\(direction.rawValue)CapacityUtilization" }

    /// As activities speak of it.
    var text: String { "\(direction.rawValue.lowercased()) capacity units" }

    var place: Place { Place(account: account, region: region) }
}

/// Where capacity lives that is scaled: DynamoDB.
public protocol ScalableResources: Sendable {
    func exists(_ capacity: ScalableCapacity, in snapshot: Snapshot) throws -> Bool

    /// What is provisioned; `nil` while it cannot be changed: on demand, not ready yet, or not there.
    func units(of capacity: ScalableCapacity, in snapshot: Snapshot) throws -> Int64?

    /// - Throws: `ServiceError` before anything is changed, where the resource's own limits forbid it.
    func set(_ capacity: ScalableCapacity, to units: Int64, in transaction: Transaction, at now: Timestamp) throws

    /// Units consumed since the process began; `nil` where nobody counts them.
    func consumption(of capacity: ScalableCapacity) -> Double?
}
