/// How a list beside a policy, such as S3's access control lists, names the caller that it lets in.
public enum ListedPrincipal: Sendable, Equatable {
    case everyone
    /// The account as a whole, whose identity policies say which of its users may.
    case account(String)
    /// A user, role or session by its ARN; an account by its root's.
    case principal(String)
    /// Another part of AWS by its name.
    case service(String)
}

extension Policy {
    /// Neither allows nor denies anything.
    public static let empty = Policy(name: "", version: "2012-10-17", id: nil, statements: [])

    /// What is left of a policy where its owner has no say in what others may do.
    public var denials: Policy {
        Policy(name: name, version: version, id: id, statements: statements.filter { $0.effect == .deny })
    }

    /// Two policies that count alike: that of a bucket, and that of something in it.
    public func joined(with other: Policy) -> Policy {
        Policy(name: name, version: version, id: id, statements: statements + other.statements)
    }

    /// Also lets a caller do whatever is asked: for one request, which a list was found to allow.
    public func allowing(_ principal: ListedPrincipal) -> Policy {
        let entry: PrincipalList.Entry =
            switch principal {
            case .everyone: .everyone
            case .account(let account): .account(account)
            case .service(let name): .service(name)
            case .principal(let arn): PrincipalParser.principal(arn) ?? .arn(arn)
            }
        let statement = Statement(
            sid: nil, effect: .allow, principals: PrincipalList(entries: [entry], isNegated: false),
            actions: PatternList(patterns: [], isNegated: true), resources: nil, conditions: [])
        return Policy(name: name, version: version, id: id, statements: statements + [statement])
    }
}
