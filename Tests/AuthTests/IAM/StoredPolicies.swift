import ServiceKit
import Synchronization
import TestSupport

/// Policies as the executable under test has them: what `RemotePolicies` fetches over the bus.
final class StoredPolicies: PolicySource {
    private let host = Mutex<TestHost?>(nil)

    func read(from host: TestHost) { self.host.withLock { $0 = host } }

    func policies(of principal: String) async throws -> IdentityPolicies {
        guard let host = host.withLock({ $0 }) else { return IdentityPolicies() }
        let reply = try await host.call(
            "apus.auth", "GetIdentityPolicies", #"{"Principal":"\#(principal)"}"#, as: .service("auth.apus"))
        return IdentityPolicies(
            policies: try reply["Policies"]?.elements.map(parse) ?? [],
            boundary: try reply["Boundary"].map(parse))
    }

    private func parse(_ value: JSONValue) throws -> Policy {
        try Policy.parse(value["Document"]?.string ?? "", as: .identity, name: value["Name"]?.string ?? "")
    }
}
