import Testing

@testable import AccessPolicy

@Suite("Matching actions and resources")
struct MatchingTests {
    @Test(
        "Actions match without case, with wildcards",
        arguments: [
            ("s3:GetObject", true), ("S3:getobject", true), ("s3:*", true), ("*", true), ("s3:Get*", true),
            ("s3:*Object", true), ("s3:G?tObject", true), ("s3:G??tObject", false), ("s3:PutObject", false),
            ("s3:GetObjectAcl", false), ("s3:Get", false), ("sqs:*", false), ("s3:*Get*Ob*t", true),
        ])
    func actions(pattern: String, matches: Bool) throws {
        let policies = ApplicablePolicies(identity: [try Example.identity("Allow", pattern)])
        #expect(policies.decide(Example.request()).isAllowed == matches)
    }

    @Test(
        "Resources match with case, wildcards and variables",
        arguments: [
            ("*", true), ("arn:aws:s3:::photos/ann/1.jpg", true), ("arn:aws:s3:::photos/*", true),
            ("arn:aws:s3:::photos/ANN/*", false), ("arn:aws:s3:::photos/${aws:username}/*", true),
            ("arn:aws:s3:::photos/${AWS:UserName}/?.jpg", true), ("arn:aws:s3:::*/*.jpg", true),
            ("arn:aws:s3:::*/*.png", false), ("arn:aws:s3:::photos/${aws:PrincipalTag/team}/*", false),
            ("arn:aws:s3:::photos/${no:key}/*", false), ("arn:aws:s3:::photos/${no:key, 'ann'}/*", true),
            ("arn:aws:s3:::photos/${*}/*", false), ("arn:aws:s3:::photos", false),
            ("arn:aws:s3:::photos/ann/1.jpg?", false),
        ])
    func resources(pattern: String, matches: Bool) throws {
        let policies = ApplicablePolicies(identity: [try Example.identity(on: pattern)])
        #expect(policies.decide(Example.request()).isAllowed == matches)
    }

    @Test("A question mark is one character, however many bytes it has")
    func characters() throws {
        let policies = ApplicablePolicies(identity: [try Example.identity(on: "arn:aws:s3:::b/?")])
        #expect(policies.decide(Example.request(on: "arn:aws:s3:::b/é")).isAllowed)
        #expect(!policies.decide(Example.request(on: "arn:aws:s3:::b/éé")).isAllowed)
    }

    @Test("Escaped characters are themselves and wildcards in a variable's value are none")
    func escapes() throws {
        let escaped = ApplicablePolicies(identity: [try Example.identity(on: "arn:aws:s3:::b/${*}${?}${$}")])
        #expect(escaped.decide(Example.request(on: "arn:aws:s3:::b/*?$")).isAllowed)
        #expect(!escaped.decide(Example.request(on: "arn:aws:s3:::b/xyz")).isAllowed)
        let variable = ApplicablePolicies(identity: [try Example.identity(on: "arn:aws:s3:::b/${s3:prefix}")])
        let request = Example.request(on: "arn:aws:s3:::b/secret", context: ["s3:prefix": ["*"]])
        #expect(!variable.decide(request).isAllowed)
        #expect(variable.decide(Example.request(on: "arn:aws:s3:::b/*", context: ["s3:prefix": ["*"]])).isAllowed)
    }

    @Test("Variables stand as they are in policies of 2008")
    func oldVersion() throws {
        let policy = try Policy.parse(
            """
            {"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",
            "Resource":"arn:aws:s3:::photos/${aws:username}/*"}]}
            """, as: .identity)
        #expect(!ApplicablePolicies(identity: [policy]).decide(Example.request()).isAllowed)
        let literal = Example.request(on: "arn:aws:s3:::photos/${aws:username}/1")
        #expect(ApplicablePolicies(identity: [policy]).decide(literal).isAllowed)
    }

    @Test("The folder of an identity pool's user is his alone")
    func identityPool() throws {
        let policy = try Example.identity(on: "arn:aws:s3:::app/private/${cognito-identity.amazonaws.com:sub}/*")
        let policies = ApplicablePolicies(identity: [policy])
        func allowed(_ key: String) -> Bool {
            policies.decide(Example.request(on: "arn:aws:s3:::app/\(key)", by: Example.session)).isAllowed
        }
        #expect(allowed("private/eu-west-1:abc/photo"))
        #expect(!allowed("private/eu-west-1:abd/photo"))
        #expect(!allowed("private/eu-west-1:abc"))
        #expect(!policies.decide(Example.request(on: "arn:aws:s3:::app/private//x", by: Example.user)).isAllowed)
    }

    @Test("NotAction and NotResource mean everything else")
    func negatedElements() throws {
        let policy = try Policy.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","s3:Put*"],
            "NotResource":"arn:aws:s3:::secret/*"}]}
            """, as: .identity)
        let policies = ApplicablePolicies(identity: [policy])
        #expect(policies.decide(Example.request()).isAllowed)
        #expect(policies.decide(Example.request("sqs:SendMessage")).isAllowed)
        #expect(!policies.decide(Example.request("s3:PutObject")).isAllowed)
        #expect(!policies.decide(Example.request("iam:CreateUser")).isAllowed)
        #expect(!policies.decide(Example.request(on: "arn:aws:s3:::secret/x")).isAllowed)
    }
}
