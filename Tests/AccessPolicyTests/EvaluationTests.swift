import Testing

@testable import AccessPolicy

@Suite("Evaluation order")
struct EvaluationTests {
    private func decide(_ policies: ApplicablePolicies, _ request: AccessRequest = Example.request()) -> Decision {
        policies.decide(request)
    }

    @Test("Nothing is allowed without an allowance, and AWS's words say which kind lacks")
    func implicitDeny() throws {
        let decision = decide(ApplicablePolicies())
        #expect(decision.outcome == .implicitlyDenied && decision.source == .identity)
        #expect(
            decision.reason(for: "s3:GetObject")
                == " because no identity-based policy allows the s3:GetObject action")
    }

    @Test("A deny wins wherever it stands")
    func explicitDeny() throws {
        let allow = try Example.identity()
        let deny = try Example.identity("Deny", "s3:Get*")
        let denyAll = try Example.resource("\"*\"", effect: "Deny")
        let cases: [(ApplicablePolicies, Decision.Source)] = [
            (.init(identity: [allow, deny]), .identity),
            (.init(identity: [allow], boundary: deny), .boundary),
            (.init(identity: [allow], session: [allow, deny]), .session),
            (.init(identity: [allow], resource: denyAll), .resource),
            (.init(identity: [allow], serviceControl: [[allow], [allow, deny]]), .serviceControl),
        ]
        for (policies, source) in cases {
            let decision = decide(policies)
            #expect(decision.outcome == .explicitlyDenied && decision.source == source)
            #expect(decision.decider != nil)
        }
        #expect(
            decide(.init(identity: [allow, deny])).reason(for: "s3:GetObject")
                == " with an explicit deny in an identity-based policy")
    }

    @Test("The deciding statement is named")
    func decider() throws {
        let policy = try Policy.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Sid":"First","Effect":"Allow","Action":"sqs:*","Resource":"*"},
            {"Sid":"Second","Effect":"Allow","Action":"s3:*","Resource":"*"}]}
            """, as: .identity, name: "Inline")
        #expect(decide(.init(identity: [policy])).decider == .init(policy: "Inline", sid: "Second", index: 1))
    }

    @Test("Boundary, session policies and the organisation narrow what the identity allows")
    func narrowing() throws {
        let allow = try Example.identity()
        let other = try Example.identity("Allow", "sqs:*")
        #expect(
            decide(.init(identity: [allow], boundary: allow, session: [allow], serviceControl: [[allow]])).isAllowed)
        #expect(decide(.init(identity: [allow], boundary: other)).source == .boundary)
        #expect(decide(.init(identity: [allow], session: [other])).source == .session)
        #expect(decide(.init(identity: [allow], session: [])).source == .session)
        #expect(decide(.init(identity: [allow], serviceControl: [[allow], [other]])).source == .serviceControl)
        #expect(!decide(.init(boundary: allow)).isAllowed)
        #expect(!decide(.init(session: [allow])).isAllowed)
    }

    private static let sessionARN = "arn:aws:sts::111122223333:assumed-role/Worker/job-1"
    private static let principals: [(String, user: Bool, session: Bool)] = [
        (#""*""#, true, true), (#"{"AWS":"*"}"#, true, true),
        // Naming the account delegates to it: an identity policy must grant it on.
        (#"{"AWS":"111122223333"}"#, false, false), (#"{"AWS":"arn:aws:iam::111122223333:root"}"#, false, false),
        (#"{"AWS":"arn:aws:iam::111122223333:user/dev/ann"}"#, true, false),
        (#"{"AWS":"arn:aws:iam::111122223333:user/ann"}"#, false, false),
        (#"{"AWS":"\#(Example.roleARN)"}"#, false, true), (#"{"AWS":"\#(sessionARN)"}"#, false, true),
        (#"{"AWS":["444455556666","\#(sessionARN)"]}"#, false, true),
        (#"{"Service":"lambda.amazonaws.com"}"#, false, false),
        (#"{"Federated":"cognito-identity.amazonaws.com"}"#, false, false),
    ]

    @Test("In its own account a resource's policy grants alone to those it names", arguments: principals)
    func resourceGrants(principal: String, user: Bool, session: Bool) throws {
        let policies = ApplicablePolicies(resource: try Example.resource(principal))
        #expect(decide(policies).isAllowed == user)
        #expect(decide(policies, Example.request(by: Example.session)).isAllowed == session)
    }

    @Test("A grant to the user or the session itself is not narrowed, one to its role or everyone is")
    func directGrants() throws {
        let nothing = try Example.identity("Allow", "sqs:*")
        let limits = ApplicablePolicies(boundary: nothing, session: [nothing])
        func decision(_ principal: String, by who: AccessPrincipal) throws -> Decision {
            var policies = limits
            policies.resource = try Example.resource(principal)
            return decide(policies, Example.request(by: who))
        }
        #expect(try decision(#"{"AWS":"\#(Example.user.arn)"}"#, by: Example.user).isAllowed)
        #expect(try decision(#"{"AWS":"\#(Self.sessionARN)"}"#, by: Example.session).isAllowed)
        #expect(try decision(#"{"AWS":"\#(Example.roleARN)"}"#, by: Example.session).source == .boundary)
        #expect(try decision(#""*""#, by: Example.session).source == .boundary)
    }

    @Test("Across accounts both sides must allow")
    func crossAccount() throws {
        let identity = try Example.identity()
        let request = Example.request(owner: Example.otherAccount)
        for principal in [#"{"AWS":"111122223333"}"#, #"{"AWS":"\#(Example.user.arn)"}"#, #""*""#] {
            let resource = try Example.resource(principal)
            #expect(decide(.init(identity: [identity], resource: resource), request).isAllowed)
            #expect(decide(.init(resource: resource), request).source == .identity)
            let narrowed = ApplicablePolicies(
                identity: [identity], boundary: try Example.identity("Allow", "sqs:*"), resource: resource)
            #expect(decide(narrowed, request).source == .boundary)
        }
        #expect(decide(.init(identity: [identity]), request).source == .resource)
        let elsewhere = try Example.resource(#"{"AWS":"444455556666"}"#)
        #expect(decide(.init(identity: [identity], resource: elsewhere), request).source == .resource)
    }

    @Test("The account's root may do everything at home save what is denied, and nothing elsewhere ungranted")
    func root() throws {
        #expect(decide(.init(), Example.request(by: Example.root)).isAllowed)
        let deny = try Example.resource("\"*\"", effect: "Deny")
        #expect(decide(.init(resource: deny), Example.request(by: Example.root)).outcome == .explicitlyDenied)
        let abroad = Example.request(by: Example.root, owner: Example.otherAccount)
        #expect(!decide(.init(), abroad).isAllowed)
        #expect(decide(.init(resource: try Example.resource(#"{"AWS":"111122223333"}"#)), abroad).isAllowed)
    }

    @Test("Services and strangers have only what the resource gives them")
    func servicesAndStrangers() throws {
        let condition = #"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::photos"}}"#
        let policy = ApplicablePolicies(
            resource: try Example.resource(#"{"Service":"lambda.amazonaws.com"}"#, if: condition))
        func service(_ source: String) -> AccessRequest {
            Example.request(by: Example.service, context: ["aws:SourceArn": [source]])
        }
        #expect(decide(policy, service("arn:aws:s3:::photos")).isAllowed)
        #expect(!decide(policy, service("arn:aws:s3:::other")).isAllowed)
        #expect(!decide(policy, Example.request(by: Example.anonymous)).isAllowed)
        #expect(!decide(.init(), Example.request(by: Example.service)).isAllowed)
        let open = ApplicablePolicies(resource: try Example.resource(#"{"AWS":"*"}"#))
        #expect(decide(open, Example.request(by: Example.anonymous)).isAllowed)
        let account = ApplicablePolicies(resource: try Example.resource(#"{"AWS":"111122223333"}"#))
        #expect(!decide(account, Example.request(by: Example.anonymous)).isAllowed)
    }

    @Test("NotPrincipal with Deny spares only those it names")
    func notPrincipal() throws {
        let deny = try Example.resource(#"{"AWS":"\#(Example.user.arn)"}"#, effect: "Deny", element: "NotPrincipal")
        let policies = ApplicablePolicies(identity: [try Example.identity()], resource: deny)
        #expect(decide(policies).isAllowed)
        #expect(decide(policies, Example.request(by: Example.session)).outcome == .explicitlyDenied)
    }

    @Test("A trust policy lets a web identity in under its conditions")
    func trust() throws {
        let policy = try Policy.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity",
            "Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"pool"},
            "ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}}]}
            """, as: .trust)
        func decision(_ audience: String, _ amr: [String]) -> Bool {
            let identity = AccessPrincipal(
                .webIdentity, arn: "cognito-identity.amazonaws.com",
                context: [
                    "cognito-identity.amazonaws.com:aud": [audience], "cognito-identity.amazonaws.com:amr": amr,
                ])
            let request = AccessRequest(
                identity, "sts:AssumeRoleWithWebIdentity", on: Example.roleARN, resourceAccount: Example.account,
                at: Example.now)
            return ApplicablePolicies(resource: policy).decide(request).isAllowed
        }
        #expect(decision("pool", ["authenticated", "provider"]))
        #expect(!decision("other", ["authenticated"]))
        #expect(!decision("pool", ["unauthenticated"]))
    }
}
