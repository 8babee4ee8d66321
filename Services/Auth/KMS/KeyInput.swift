import ServiceKit

/// The input of operations that are told a key and nothing else.
struct KeyInput: InputShape {
    let keyID: String
    init(_ member: Members) throws { keyID = try member("KeyId") }
}
