import Crypto
import ServiceKit

/// `ClientRequestToken`: makes the same transaction, sent again within ten minutes, happen once.
struct TransactionToken: Sendable {
    static let lifetime = Duration.seconds(600)

    let account: String
    let region: String
    let token: String
    /// A digest of what was asked for.
    let request: [UInt8]

    init(_ token: String, request: ArraySlice<UInt8>, in call: Call) {
        account = call.account
        region = call.region
        self.token = token
        self.request = SHA256.hash(Array(request))
    }
}
