import ServiceKit

/// Whose a device is: a user's, or that of the account's root, who is none of its users.
enum MFAHolder: Sendable, Equatable {
    case root
    case user(String)

    /// What AWS calls root where a name has to stand.
    static let rootName = "root"

    /// As answers name it.
    var name: String {
        switch self {
        case .root: Self.rootName
        case .user(let name): name
        }
    }
}

extension IAMStore {
    /// Whom an operation on devices means, which may leave the name out for the caller's own.
    ///
    /// Operations whose model demands a name are given `root` or the account's number by root, for whom nobody else
    /// can speak; a user who is called that goes before.
    ///
    /// - Throws: `ValidationError` where there is no name and the caller is no user.
    func mfaHolder(_ name: String?, in call: Call) async throws -> MFAHolder {
        guard call.caller.kind == .root else { return .user(try UserName.resolve(name, in: call)) }
        guard let name else { return .root }
        guard name == MFAHolder.rootName || name == call.account else { return .user(name) }
        let isUser = try await read { try $0.identity(.user, name, of: call.account) } != nil
        return isUser ? .user(name) : .root
    }

    /// The permission an operation on somebody's devices needs.
    func mfaHolderPermission(_ name: String?, in call: Call) async throws -> Permission {
        switch try await mfaHolder(name, in: call) {
        case .root: Permission(on: call.principal, owner: call.account)
        case .user(let user): try await permission(.user, user, in: call)
        }
    }
}

extension Snapshot {
    /// The holder by the name as it is stored.
    ///
    /// - Throws: `NoSuchEntity`
    func requireMFAHolder(_ holder: MFAHolder, of account: String) throws -> MFAHolder {
        guard case .user(let name) = holder else { return holder }
        return .user(try requireIdentity(.user, name, of: account).name)
    }
}
