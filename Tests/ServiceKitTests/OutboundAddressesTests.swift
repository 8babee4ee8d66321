import ServiceKit
import Testing

@Suite("Where requests may go") struct OutboundAddressesTests {
    private func addresses(_ settings: [String: String] = [:]) throws -> OutboundAddresses {
        try OutboundAddresses(Config(environment: settings.merging(["APUS_DATA": "/nowhere"]) { own, _ in own }))
    }

    @Test("Public addresses are always open; a laptop's stack reaches the laptop, and no other private address")
    func laptop() throws {
        let addresses = try addresses()
        for open in ["93.184.216.34", "2606:2800:220:1::1", "127.0.0.1", "127.8.8.8", "::1"] {
            #expect(addresses.admits(open))
        }
        for closed in [
            "10.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "fe80::1",
            "fd00::1", "::", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "localhost", "",
        ] { #expect(!addresses.admits(closed)) }
    }

    @Test("A stack that others reach reaches nothing private unless it is told to")
    func shared() throws {
        for settings in [["APUS_HOST": "0.0.0.0"], ["APUS_BUS_BIND": "tcp://0.0.0.0:7000"]] {
            let addresses = try addresses(settings)
            #expect(!addresses.admits("127.0.0.1") && addresses.admits("93.184.216.34"))
        }
        let told = try addresses(["APUS_HOST": "0.0.0.0", "APUS_PRIVATE_ENDPOINTS": "10.1.0.0/16, 192.168.1.20"])
        #expect(told.admits("10.1.2.3") && told.admits("192.168.1.20"))
        #expect(!told.admits("10.2.0.1") && !told.admits("192.168.1.21") && !told.admits("127.0.0.1"))
        let none = try addresses(["APUS_PRIVATE_ENDPOINTS": "none"])
        #expect(!none.admits("127.0.0.1"))
        #expect(throws: ConfigError.self) { try addresses(["APUS_PRIVATE_ENDPOINTS": "localhost"]) }
    }
}
