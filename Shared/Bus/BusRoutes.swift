/// Finds every replica of an owner.
public protocol BusRoutes: Sendable {
    /// Where the owner's servers listen for calls. An empty answer means there is none now.
    func callAddresses(of owner: String) async throws -> [BusAddress]
    /// The same where nothing has to be looked up for it; `nil` where something has.
    func knownCallAddresses(of owner: String) -> [BusAddress]?
    /// Where the owner's publishers ring.
    func eventAddresses(of owner: String) async throws -> [BusAddress]
    /// How often an answer must be asked for again; `nil` where answers never change.
    var refreshInterval: Duration? { get }
}

extension BusRoutes {
    public func knownCallAddresses(of owner: String) -> [BusAddress]? { nil }
}

/// Every owner is one process of this machine, with two sockets in the run directory.
public struct LocalRoutes: BusRoutes {
    public let directory: String

    public init(directory: String) { self.directory = directory }

    public var refreshInterval: Duration? { nil }
    public func callAddresses(of owner: String) -> [BusAddress] { [Self.callAddress(of: owner, in: directory)] }
    public func knownCallAddresses(of owner: String) -> [BusAddress]? { callAddresses(of: owner) }
    public func eventAddresses(of owner: String) -> [BusAddress] { [Self.eventAddress(of: owner, in: directory)] }

    public static func callAddress(of owner: String, in directory: String) -> BusAddress {
        .ipc(path: "\(directory)/\(owner).sock")
    }
    public static func eventAddress(of owner: String, in directory: String) -> BusAddress {
        .ipc(path: "\(directory)/\(owner).events.sock")
    }
}
