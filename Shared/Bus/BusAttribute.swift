/// A small named value that travels beside a body: region, request id, host, source address.
public struct BusAttribute: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [BusAttribute] {
    /// The first attribute of that name; assigning replaces it, and `nil` removes it.
    public subscript(name: String) -> String? {
        get { first { $0.name == name }?.value }
        set {
            let place = firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): self[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(BusAttribute(name, value))
            case (nil, nil): break
            }
        }
    }
}
