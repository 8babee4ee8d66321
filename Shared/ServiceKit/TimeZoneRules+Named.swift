extension TimeZoneRules {
    private static let folder = "/usr/share/zoneinfo"

    /// The rules of a zone of the machine's IANA database: `Europe/Berlin`; `nil` for a zone it does not have.
    public static func named(_ name: String) -> TimeZoneRules? {
        if name == "UTC" { return .utc }
        // No dot: nothing outside the folder can be named.
        let isName = name.utf8.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "_-+/".utf8.contains(byte)
        }
        guard isName, (1...64).contains(name.utf8.count), !name.hasPrefix("/"),
            let bytes = try? FileBytes.read("\(folder)/\(name)", limit: 1 << 17)
        else { return nil }
        return TimeZoneRules(tzif: bytes)
    }
}
