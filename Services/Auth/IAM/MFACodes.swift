import ServiceKit

/// Takes the codes by which callers prove, beside their key, that they hold a device.
public struct MFACodes: Sendable {
    let store: IAMStore

    /// Takes a code of a user's own device: once, and no more.
    ///
    /// - Throws: `AccessDenied`
    public func take(_ code: String, of serial: String, by caller: Caller, at now: Timestamp) async throws {
        guard caller.kind == .user, let user = caller.arn.split(separator: "/").last.map(String.init) else {
            throw ServiceError.unknownMFADevice
        }
        let masterKey = store.masterKey
        try await store.database.write { transaction in
            guard let device = try? transaction.requireMFADevice(serial, of: caller.account, user: user),
                let use = device.use
            else { throw ServiceError.unknownMFADevice }
            let seed = try masterKey.open(device.sealedSeed, for: MFADevice.context(serial))
            guard let use = MFADevice.use(use, taking: code, seed: seed, at: now) else {
                throw ServiceError.invalidMFACode
            }
            try transaction.setUse(use, of: device)
        }
    }
}
