import ServiceKit

/// Gives a user temporary credentials of their own. Needs no permission.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html)
struct GetSessionToken: AWSOperation {
    struct Input: InputShape {
        let seconds: Int?
        let factor: SecondFactor.Claim?

        init(_ member: Members) throws {
            seconds = try member("DurationSeconds")
            factor = try SecondFactor.Claim(member)
        }
    }

    struct Output: OutputShape {
        let credentials: SessionCredentials
        func write(to json: inout JSONWriter) { json.member("Credentials", credentials) }
    }

    private static let defaultSeconds = 43_200
    private static let rootSeconds = 3600

    let sessions: RoleSessions
    let factor: SecondFactor

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        var caller = call.caller
        switch caller.kind {
        case .user where caller.accessKeyID?.hasPrefix("ASIA") != true, .root: break
        case .anonymous: throw ServiceError.missingAuthentication
        default: throw ServiceError.sessionCredentials("GetSessionToken")
        }
        let wanted = input.seconds ?? Self.defaultSeconds
        let seconds = caller.kind == .root ? min(wanted, Self.rootSeconds) : wanted
        caller.context.merge(try await factor.context(input.factor, of: caller, at: call.now)) { $1 }
        return Output(credentials: try sessions.start(caller, seconds: seconds, at: call.now))
    }
}
