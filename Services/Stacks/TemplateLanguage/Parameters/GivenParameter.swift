/// A parameter as a request gives it.
public struct GivenParameter: Sendable {
    public let name: String
    public let value: String?
    public let usesPrevious: Bool

    public init(_ name: String, _ value: String?, usesPrevious: Bool = false) {
        (self.name, self.value, self.usesPrevious) = (name, value, usesPrevious)
    }
}
