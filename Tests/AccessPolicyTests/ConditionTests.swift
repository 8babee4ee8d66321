import Bytes
import Testing

@testable import AccessPolicy

@Suite("Conditions")
struct ConditionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let condition: String
        let context: [String: [String]]
        let holds: Bool

        init(_ condition: String, _ context: [String: [String]], _ holds: Bool) {
            self.condition = condition
            self.context = context
            self.holds = holds
        }
        var testDescription: String { "\(condition) \(context)" }
    }

    private static let texts: [Row] = [
        Row(#"{"StringEquals":{"k":"a"}}"#, ["k": ["a"]], true),
        Row(#"{"StringEquals":{"K":"a"}}"#, ["k": ["a"]], true),
        Row(#"{"StringEquals":{"k":"a"}}"#, ["K": ["a"]], true),
        Row(#"{"StringEquals":{"k":"a"}}"#, ["k": ["A"]], false),
        Row(#"{"StringEquals":{"k":["b","a"]}}"#, ["k": ["a"]], true),
        Row(#"{"StringEquals":{"k":"a*"}}"#, ["k": ["ab"]], false),
        Row(#"{"StringEquals":{"k":"a"}}"#, [:], false), Row(#"{"StringEqualsIfExists":{"k":"a"}}"#, [:], true),
        Row(#"{"StringEqualsIfExists":{"k":"a"}}"#, ["k": ["b"]], false),
        Row(#"{"StringNotEquals":{"k":"a"}}"#, ["k": ["b"]], true),
        Row(#"{"StringNotEquals":{"k":["a","b"]}}"#, ["k": ["b"]], false),
        Row(#"{"StringNotEquals":{"k":"a"}}"#, [:], true),
        Row(#"{"StringEqualsIgnoreCase":{"k":"Ab"}}"#, ["k": ["aB"]], true),
        Row(#"{"StringNotEqualsIgnoreCase":{"k":"Ab"}}"#, ["k": ["aB"]], false),
        Row(#"{"StringLike":{"k":["home/*",""]}}"#, ["k": ["home/ann"]], true),
        Row(#"{"StringLike":{"k":["home/*",""]}}"#, ["k": [""]], true),
        Row(#"{"StringLike":{"k":"home/?"}}"#, ["k": ["home/ann"]], false),
        Row(#"{"StringLike":{"k":"home/${aws:username}/*"}}"#, ["k": ["home/ann/x"]], true),
        Row(#"{"StringNotLike":{"k":"home/*"}}"#, ["k": ["home/ann"]], false),
        Row(#"{"StringEquals":{"k":"${aws:PrincipalTag/team}"}}"#, ["k": ["red"]], true),
        Row(#"{"StringEquals":{"aws:PrincipalTag/Team":"red"}}"#, [:], true),
        Row(#"{"StringEquals":{"k":"a","j":"b"}}"#, ["k": ["a"], "j": ["b"]], true),
        Row(#"{"StringEquals":{"k":"a","j":"b"}}"#, ["k": ["a"], "j": ["c"]], false),
        Row(#"{"StringEquals":{"k":"a"},"Bool":{"j":"true"}}"#, ["k": ["a"], "j": ["false"]], false),
    ]

    private static let sets: [Row] = [
        Row(#"{"ForAllValues:StringEquals":{"k":["a","b"]}}"#, ["k": ["a", "b"]], true),
        Row(#"{"ForAllValues:StringEquals":{"k":["a","b"]}}"#, ["k": ["a", "c"]], false),
        Row(#"{"ForAllValues:StringEquals":{"k":["a"]}}"#, [:], true),
        Row(#"{"ForAllValues:StringNotEquals":{"k":["a"]}}"#, ["k": ["b", "a"]], false),
        Row(#"{"ForAllValues:StringNotEquals":{"k":["a"]}}"#, ["k": ["b", "c"]], true),
        Row(#"{"ForAnyValue:StringEquals":{"k":["a"]}}"#, ["k": ["b", "a"]], true),
        Row(#"{"ForAnyValue:StringEquals":{"k":["a"]}}"#, ["k": ["b"]], false),
        Row(#"{"ForAnyValue:StringEquals":{"k":["a"]}}"#, [:], false),
        Row(#"{"ForAnyValue:StringNotEquals":{"k":["a"]}}"#, ["k": ["a", "b"]], true),
        Row(#"{"ForAnyValue:StringLike":{"k":"au*"}}"#, ["k": ["authenticated"]], true),
        Row(
            #"{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["${aws:userid}"]}}"#,
            ["dynamodb:LeadingKeys": ["AIDAANN"]], true),
        Row(#"{"Null":{"k":"true"}}"#, [:], true), Row(#"{"Null":{"k":"true"}}"#, ["k": ["a"]], false),
        Row(#"{"Null":{"k":"false"}}"#, ["k": ["a"]], true), Row(#"{"Null":{"k":false}}"#, [:], false),
    ]

    private static let numbersAndDates: [Row] = [
        Row(#"{"NumericEquals":{"k":"10"}}"#, ["k": ["10.0"]], true),
        Row(#"{"NumericEquals":{"k":10}}"#, ["k": ["11"]], false),
        Row(#"{"NumericNotEquals":{"k":"10"}}"#, ["k": ["11"]], true),
        Row(#"{"NumericLessThan":{"k":"10"}}"#, ["k": ["9"]], true),
        Row(#"{"NumericLessThan":{"k":"10"}}"#, ["k": ["10"]], false),
        Row(#"{"NumericLessThanEquals":{"s3:max-keys":"10"}}"#, ["s3:max-keys": ["10"]], true),
        Row(#"{"NumericGreaterThan":{"k":"-1"}}"#, ["k": ["0"]], true),
        Row(#"{"NumericGreaterThanEquals":{"k":"10"}}"#, ["k": ["9"]], false),
        Row(#"{"NumericGreaterThan":{"k":"1"}}"#, ["k": ["x"]], false),
        Row(#"{"DateGreaterThan":{"aws:CurrentTime":"2026-11-21T07:59:59Z"}}"#, [:], true),
        Row(#"{"DateLessThan":{"aws:CurrentTime":"2026-11-21T08:00:00Z"}}"#, [:], false),
        Row(#"{"DateLessThanEquals":{"aws:CurrentTime":"2026-11-21T08:00:00Z"}}"#, [:], true),
        Row(#"{"DateLessThan":{"aws:CurrentTime":"2026-11-22"}}"#, [:], true),
        Row(#"{"DateGreaterThanEquals":{"aws:EpochTime":"1795248000"}}"#, [:], true),
        Row(#"{"DateEquals":{"k":"2020-01-01T00:00:00Z"}}"#, ["k": ["2020-01-01T01:00:00+01:00"]], true),
        Row(#"{"DateNotEquals":{"k":"2020-01-01T00:00:00Z"}}"#, ["k": ["2020-01-01T00:00:00Z"]], false),
        Row(#"{"Bool":{"aws:SecureTransport":"true"}}"#, [:], true),
        Row(#"{"Bool":{"aws:SecureTransport":false}}"#, [:], false),
        Row(#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#, [:], false),
        Row(#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#, [:], true),
        Row(#"{"BinaryEquals":{"k":"QmluYXJ5"}}"#, ["k": ["QmluYXJ5"]], true),
        Row(#"{"BinaryEquals":{"k":"QmluYXJ5"}}"#, ["k": ["QmluYXJ6"]], false),
    ]

    private static let addresses: [Row] = [
        Row(#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, [:], true),
        Row(#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.7"]}}"#, [:], true),
        Row(#"{"IpAddress":{"aws:SourceIp":"203.0.113.8"}}"#, [:], false),
        Row(#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#, [:], true),
        Row(#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, [:], false),
        Row(#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, [:], true),
        Row(#"{"IpAddress":{"k":"2001:db8::/32"}}"#, ["k": ["2001:db8:1::5"]], true),
        Row(#"{"IpAddress":{"k":"2001:db8::/33"}}"#, ["k": ["2001:db8:8000::5"]], false),
        Row(#"{"IpAddress":{"k":"2001:db8::/128"}}"#, ["k": ["2001:db8::1"]], false),
        Row(#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, ["k": ["::ffff:192.0.2.9"]], true),
        Row(#"{"IpAddress":{"k":"::/0"}}"#, ["k": ["2001:db8::1"]], true),
    ]

    private static let arns: [Row] = [
        Row(
            #"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}}"#,
            ["aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:news"]], true),
        Row(
            #"{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:111122223333:news"}}"#,
            ["aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:news"]], true),
        Row(
            #"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:news"}}"#,
            ["aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:news"]], false),
        Row(
            #"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:photos"}}"#, ["aws:SourceArn": ["arn:aws:s3:::photos"]], true),
        Row(#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/dev/*"}}"#, [:], false),
        Row(#"{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:root"}}"#, [:], true),
        Row(
            #"{"ArnLike":{"k":"arn:aws:iam::${aws:PrincipalAccount}:role/*"}}"#,
            ["k": ["arn:aws:iam::111122223333:role/x"]], true),
        Row(#"{"ArnLike":{"k":"arn:aws:s3:::*"}}"#, ["k": ["not an arn"]], false),
    ]

    @Test("Each operator holds as documented", arguments: texts + sets + numbersAndDates + addresses + arns)
    func operators(row: Row) throws {
        #expect(try Example.holds(row.condition, row.context) == row.holds)
    }

    @Test(
        "Global keys describe the principal and the request",
        arguments: [
            ("aws:username", "ann"), ("aws:userid", "AIDAANN"), ("aws:PrincipalType", "User"),
            ("aws:PrincipalAccount", "111122223333"), ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/dev/ann"),
            ("aws:RequestedRegion", "eu-west-1"), ("aws:ResourceAccount", "111122223333"),
            ("aws:UserAgent", "aws-cli/2.0"),
            ("aws:SourceIp", "203.0.113.7"), ("aws:PrincipalIsAWSService", "false"),
            ("aws:CurrentTime", "2026-11-21T08:00:00Z"), ("aws:Referer", "https://example.com/gallery"),
            ("aws:ViaAWSService", "false"), ("s3:ResourceAccount", "111122223333"), ("s3:TlsVersion", "1.3"),
            ("s3:authType", "REST-QUERY-STRING"), ("s3:signatureversion", "AWS4-HMAC-SHA256"),
            ("s3:signatureAge", "90000"), ("s3:x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        ])
    func globalKeys(key: String, value: String) throws {
        #expect(try Example.holds(#"{"StringEquals":{"\#(key)":"\#(value)"}}"#))
    }

    @Test("A session's principal is its role and it has no user name")
    func sessions() throws {
        #expect(try Example.holds(#"{"StringEquals":{"aws:PrincipalArn":"\#(Example.roleARN)"}}"#, by: Example.session))
        #expect(try Example.holds(#"{"Null":{"aws:username":"true"}}"#, by: Example.session))
        #expect(try Example.holds(#"{"StringLike":{"aws:userid":"AROAWORKER:*"}}"#, by: Example.session))
    }

    @Test("A call that services make for somebody names them in their order")
    func calledVia() throws {
        var user = Example.user
        user.context["aws:CalledVia"] = ["cloudformation.amazonaws.com", "s3.amazonaws.com"]
        let condition = """
            {"StringEquals":{"aws:CalledViaFirst":"cloudformation.amazonaws.com","aws:CalledViaLast":"s3.amazonaws.com"},
            "Bool":{"aws:ViaAWSService":"true"}}
            """
        #expect(try Example.holds(condition, by: user))
        #expect(try !Example.holds(condition))
    }

    @Test("What the principal is cannot be overridden by the request's own keys")
    func keysAreNotForged() throws {
        #expect(try !Example.holds(#"{"StringEquals":{"aws:username":"eve"}}"#, ["aws:username": ["eve"]]))
        #expect(try !Example.holds(#"{"StringEquals":{"aws:SourceIp":"10.0.0.1"}}"#, ["aws:SourceIp": ["10.0.0.1"]]))
    }
}
