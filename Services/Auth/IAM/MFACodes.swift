import ServiceKit

/// Takes the codes by which callers prove, beside their key, that they hold a device.
public struct MFACodes: Sendable {
    enum Verdict: String, Sendable {
        case good = "Good"
        /// Or taken before, or too soon after others that were wrong.
        case wrong = "Wrong"
        /// The device is not the holder's.
        case notOwned = "NotOwned"
    }

    let store: IAMStore

    /// Takes a code of a caller's own device: once, and no more.
    ///
    /// - Throws: `AccessDenied`
    public func take(_ code: String, of serial: String, by caller: Caller, at now: Timestamp) async throws {
        guard let holder = MFAHolder(caller) else { throw ServiceError.unknownMFADevice }
        switch try await take(code, of: serial, by: holder, in: caller.account, for: nil, at: now) {
        case .good: return
        case .wrong: throw ServiceError.invalidMFACode
        case .notOwned: throw ServiceError.unknownMFADevice
        }
    }

    /// - Parameter token: names what it is taken for, so that whoever asks again is answered the same; `nil` where
    ///   nobody does.
    func take(
        _ code: String, of serial: String, by holder: MFAHolder, in account: String, for token: String?,
        at now: Timestamp
    ) async throws -> Verdict {
        let masterKey = store.masterKey
        return try await store.database.write { transaction in
            guard let device = try? transaction.requireMFADevice(serial, of: account, holder: holder),
                var use = device.use
            else { return .notOwned }
            if let token, use.takenFor == token { return .good }
            if let end = use.rests, now < end { return .wrong }
            let seed = try masterKey.open(device.sealedSeed, for: MFADevice.context(serial))
            guard var taken = MFADevice.use(use, taking: code, seed: seed, at: now) else {
                use.noteFailure(at: now)
                try transaction.setUse(use, of: device)
                return .wrong
            }
            taken.takenFor = token
            try transaction.setUse(taken, of: device)
            return .good
        }
    }
}

extension MFAHolder {
    /// `nil` for who can hold none.
    fileprivate init?(_ caller: Caller) {
        switch caller.kind {
        case .root: self = .root
        case .user:
            guard let name = caller.arn.split(separator: "/").last else { return nil }
            self = .user(String(name))
        default: return nil
        }
    }
}
