import ServiceKit

/// A virtual device that shows codes of a seed: unassigned, a user's, or root's.
struct MFADevice: Sendable {
    static let limitPerHolder = 8
    static let seedByteCount = 40
    /// Steps that a device's clock may be off when its codes are first compared.
    private static let widestDrift: Int64 = 20
    private static let freeFailures: Int64 = 5
    /// Seconds.
    private static let longestRest: Int64 = 900
    /// Steps around the expected one whose codes are taken.
    private static let tolerance: Int64 = 1

    /// `arn:aws:iam::123456789012:mfa/ann`
    let serial: String
    let account: String
    /// Sealed under the master key.
    let sealedSeed: [UInt8]
    let tags: [Tag]
    var use: Use?

    /// Whose it is, and how it was used.
    struct Use: Sendable {
        let holder: MFAHolder
        let enabled: Timestamp
        /// Steps the device's clock is ahead.
        let drift: Int64
        /// Of the last code that was taken: none is taken twice.
        let lastStep: Int64
        /// Wrong codes since the last good one.
        var failures: Int64 = 0
        /// Until when no code is looked at.
        var rests: Timestamp?
        /// What the last code was taken for, where whoever had it taken may ask twice.
        var takenFor: String?

        /// After some wrong codes each lets the device rest for twice as long: of a million codes three are good at a
        /// time, and who holds a key could else try them all.
        mutating func noteFailure(at now: Timestamp) {
            failures += 1
            guard failures >= MFADevice.freeFailures else { return }
            let seconds = Int64(1) << min(failures - MFADevice.freeFailures, 20)
            rests = now + .seconds(min(seconds, MFADevice.longestRest))
        }
    }

    /// What the seed is bound to when it is sealed.
    static func context(_ serial: String) -> String { "iam mfa device \(serial)" }

    static func serial(named name: String, path: String, in account: String) -> String {
        "arn:aws:iam::\(account):mfa\(path)\(name)"
    }

    /// What the device's use becomes after two codes, one after the other; `nil` if they are not that.
    static func use(
        by holder: MFAHolder, from enabled: Timestamp, seed: [UInt8], codes: (String, String), at now: Timestamp
    ) -> Use? {
        let step = OneTimeCode.step(atSeconds: now.seconds)
        let drifts = (-widestDrift...widestDrift).sorted { abs($0) < abs($1) }
        for drift in drifts
        where OneTimeCode.code(seed: seed, step: step + drift) == codes.1
            && OneTimeCode.code(seed: seed, step: step + drift - 1) == codes.0
        {
            return Use(holder: holder, enabled: enabled, drift: drift, lastStep: step + drift)
        }
        return nil
    }

    /// What the use becomes by taking a code; `nil` for one that is wrong or was taken before.
    static func use(_ use: Use, taking code: String, seed: [UInt8], at now: Timestamp) -> Use? {
        let expected = OneTimeCode.step(atSeconds: now.seconds) + use.drift
        let step = (expected - tolerance...expected + tolerance).first {
            $0 > use.lastStep && OneTimeCode.code(seed: seed, step: $0) == code
        }
        return step.map { Use(holder: use.holder, enabled: use.enabled, drift: use.drift, lastStep: $0) }
    }
}

/// A device as it is told of beside whose it is.
struct MFADeviceOutput: OutputShape {
    let device: MFADevice

    func write(to json: inout JSONWriter) {
        json.member("UserName", device.use?.holder.name ?? "")
        json.member("SerialNumber", device.serial)
        json.member("EnableDate", device.use?.enabled)
    }
}
