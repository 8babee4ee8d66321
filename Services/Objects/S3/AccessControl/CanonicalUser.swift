import ServiceKit

/// An account as access control lists and listings name it.
struct CanonicalUser: OutputShape, Equatable {
    /// Empty for whoever came without credentials.
    let account: String
    /// 64 hexadecimal digits.
    let id: String

    /// What AWS calls the owner of objects that were stored without credentials.
    private static let anonymous = "65a011a29cdf8ec533ec3d1ccaae921c"

    init(_ account: String) {
        self.account = account
        id = account.isEmpty ? Self.anonymous : Hex.string(SHA256.hash("apus canonical user \(account)"))
    }

    /// The account's number stands for the name that AWS showed until 2025: clients still ask for one.
    func write(to json: inout JSONWriter) {
        if !account.isEmpty { json.member("DisplayName", account) }
        json.member("ID", id)
    }
}
