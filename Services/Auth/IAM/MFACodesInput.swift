import ServiceKit

/// Two codes that somebody's device showed one after the other.
struct MFACodesInput: InputShape {
    let user: String
    let serial: String
    let first: String
    let second: String

    init(_ member: Members) throws {
        user = try member("UserName")
        serial = try member("SerialNumber")
        first = try member("AuthenticationCode1")
        second = try member("AuthenticationCode2")
    }

    /// - Throws: `InvalidAuthenticationCode`
    func use(
        _ device: MFADevice, by holder: MFAHolder, from enabled: Timestamp, of store: IAMStore, at now: Timestamp
    ) throws -> MFADevice.Use {
        let seed = try store.masterKey.open(device.sealedSeed, for: MFADevice.context(device.serial))
        let use = MFADevice.use(by: holder, from: enabled, seed: seed, codes: (first, second), at: now)
        guard let use else { throw ServiceError.invalidAuthenticationCode }
        return use
    }
}
