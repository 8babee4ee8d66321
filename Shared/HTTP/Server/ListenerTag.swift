/// The caller's name for a listening socket: every request says which one it came in on.
public struct ListenerTag: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    CustomStringConvertible
{
    public let description: String

    public init(_ text: String) { description = text }
    public init(_ number: Int) { description = String(number) }
    public init(stringLiteral value: String) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(value) }
}
