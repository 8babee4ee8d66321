/// An account in a region: the names of most resources are unique in one.
public struct Place: Sendable, Hashable {
    public let account: String
    public let region: String

    public init(account: String, region: String) {
        self.account = account
        self.region = region
    }

    public init(_ call: Call) { self.init(account: call.account, region: call.region) }
}
