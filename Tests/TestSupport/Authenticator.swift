import ServiceKit

/// What shows the codes of a device: made of the seed that `CreateVirtualMFADevice` tells.
public struct Authenticator: Sendable {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    public let serial: String
    private let seed: [UInt8]

    /// - Parameter answer: of `CreateVirtualMFADevice`; its seed is a blob that holds text.
    public init?(_ answer: JSONValue) {
        guard let device = answer["VirtualMFADevice"], let serial = device["SerialNumber"]?.string,
            let text = device["Base32StringSeed"]?.string, let letters = Base64.decode(Array(text.utf8)),
            let seed = Self.bytes(ofBase32: letters)
        else { return nil }
        (self.serial, self.seed) = (serial, seed)
    }

    /// What the device shows so many steps from now.
    public func code(at now: Timestamp, ahead steps: Int64 = 0) -> String {
        OneTimeCode.code(seed: seed, step: OneTimeCode.step(atSeconds: now.seconds) + steps)
    }

    /// Two codes, one after the other, as members of an input.
    public func pair(at now: Timestamp, ahead steps: Int64 = 0) -> String {
        let (first, second) = (code(at: now, ahead: steps - 1), code(at: now, ahead: steps))
        return #""AuthenticationCode1":"\#(first)","AuthenticationCode2":"\#(second)""#
    }

    private static func bytes(ofBase32 letters: [UInt8]) -> [UInt8]? {
        var (bytes, buffer, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for letter in letters {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }
}
