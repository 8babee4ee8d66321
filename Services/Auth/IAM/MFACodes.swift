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
        let isGood = try await store.database.write { transaction in
            guard let device = try? transaction.requireMFADevice(serial, of: caller.account, user: user),
                var use = device.use
            else { throw ServiceError.unknownMFADevice }
            if let end = use.rests, now < end { return false }
            let seed = try masterKey.open(device.sealedSeed, for: MFADevice.context(serial))
            guard let taken = MFADevice.use(use, taking: code, seed: seed, at: now) else {
                use.noteFailure(at: now)
                try transaction.setUse(use, of: device)
                return false
            }
            try transaction.setUse(taken, of: device)
            return true
        }
        guard isGood else { throw ServiceError.invalidMFACode }
    }
}
