import Testing

@testable import AccessPolicy

@Suite("Reading policies")
struct PolicyValidationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let statement: String
        let message: String
        var testDescription: String { statement }

        init(_ statement: String, _ message: String) {
            self.statement = statement
            self.message = message
        }
    }

    private static let syntax = "Syntax errors in policy."
    private static let statements: [Row] = [
        Row(#"{"Action":"s3:*","Resource":"*"}"#, syntax),
        Row(#"{"Effect":"allow","Action":"s3:*","Resource":"*"}"#, syntax),
        Row(#"{"Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*"}"#, syntax),
        Row(#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Extra":1}"#, syntax),
        Row(#"{"Effect":"Allow","Action":5,"Resource":"*"}"#, syntax), Row(#""text""#, syntax), Row("[]", syntax),
        Row(#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":"x"}"#, syntax),
        Row(#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericEquals":{"a":"b"}}}"#, syntax),
        Row(#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"a":"1.2.3"}}}"#, syntax),
        Row(#"{"Effect":"Allow","Resource":"*"}"#, "Policy statement must contain actions."),
        Row(#"{"Effect":"Allow","Action":[],"Resource":"*"}"#, "Policy statement must contain actions."),
        Row(#"{"Effect":"Allow","Action":"s3:*"}"#, "Policy statement must contain resources."),
        Row(
            #"{"Effect":"Allow","Action":"GetObject","Resource":"*"}"#,
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        Row(#"{"Effect":"Allow","Action":"a:b:c","Resource":"*"}"#, "Actions/Condition can contain only one colon."),
        Row(#"{"Effect":"Allow","Action":"a a:b","Resource":"*"}"#, "Vendor a a is not valid"),
        Row(
            #"{"Effect":"Allow","Action":"s3:*","Resource":"photos"}"#,
            "Resource photos must be in ARN format or \"*\"."),
        Row(
            #"{"Effect":"Allow","Action":"s3:*","Resource":"arn:azure:s3:::b"}"#,
            "Partition \"azure\" is not valid for resource \"arn:azure:s3:::b\"."),
        Row(
            #"{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}"#,
            "Policy document should not specify a principal."),
        Row(
            #"{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
                + "[0-9A-Za-z]*"),
        Row(
            #"[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}]"#,
            "Statement IDs (SID) in a single policy must be unique."),
        Row(
            #"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEqual":{"a":"b"}}}"#,
            "Invalid Condition type : StringEqual."),
        Row(
            #"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NotBool":{"a":"true"}}}"#,
            "Invalid Condition type : NotBool."),
    ]

    @Test("A malformed identity policy is refused in AWS's words", arguments: statements)
    func identity(row: Row) {
        #expect(throws: PolicyError(row.message)) {
            try Policy.parse(#"{"Version":"2012-10-17","Statement":\#(row.statement)}"#, as: .identity)
        }
    }

    @Test(
        "Documents that are no policies are refused",
        arguments: [
            "", "{", "[]", "5", "{}", #"{"Version":"2012-10-17"}"#, #"{"Version":"2012-10-17","Statement":[],"X":1}"#,
            #"{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}"#,
        ])
    func documents(text: String) {
        #expect(throws: PolicyError.self) { try Policy.parse(text, as: .identity) }
    }

    @Test("An identity policy states its version")
    func versions() {
        let statement = #""Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#
        let error = PolicyError("Policy document must be version 2012-10-17 or greater.")
        #expect(throws: error) { try Policy.parse("{\(statement)}", as: .identity) }
        #expect(throws: error) { try Policy.parse(#"{"Version":"2020-01-01",\#(statement)}"#, as: .identity) }
    }

    @Test(
        "Principals must be principals",
        arguments: [
            "\"arn:aws:iam::111122223333:user/a\"", #"{"AWS":"ann"}"#, #"{"AWS":"arn:aws:s3:::bucket"}"#,
            #"{"Service":"lambda"}"#,
            #"{"AWS":"arn:aws:iam::1:user/a"}"#, #"{"AWS":"arn:aws:iam::111122223333:user/*"}"#, "{}",
            #"{"Other":"x"}"#, "5",
        ])
    func principals(principal: String) {
        #expect(throws: PolicyError.self) { try Example.resource(principal) }
    }

    @Test("A trust policy has principals and STS actions and no resource")
    func trust() {
        func parse(_ statement: String) throws {
            _ = try Policy.parse(#"{"Version":"2012-10-17","Statement":[\#(statement)]}"#, as: .trust)
        }
        let service = #""Principal":{"Service":"lambda.amazonaws.com"}"#
        #expect(throws: Never.self) { try parse(#"{"Effect":"Allow",\#(service),"Action":"sts:AssumeRole"}"#) }
        #expect(throws: PolicyError("Has prohibited field Resource")) {
            try parse(#"{"Effect":"Allow",\#(service),"Action":"sts:AssumeRole","Resource":"*"}"#)
        }
        #expect(throws: PolicyError("Missing required field Principal")) {
            try parse(#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#)
        }
        #expect(throws: PolicyError("AssumeRole policy may only specify STS AssumeRole actions.")) {
            try parse(#"{"Effect":"Allow",\#(service),"Action":"s3:GetObject"}"#)
        }
    }

    @Test("Random bytes and mutations of a policy are refused or read, never worse")
    func fuzz() throws {
        let good = Array(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":"arn:aws:s3:::a/${x, 'y'}",
            "Condition":{"ForAllValues:StringLike":{"k":["a*","${aws:username}"]},"IpAddress":{"aws:SourceIp":"::1/64"}}}]}
            """.utf8)
        var state: UInt64 = 42
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0...next(3) { bytes[next(bytes.count)] = UInt8(next(256)) }
            if next(4) == 0 { bytes.removeSubrange(next(bytes.count / 2)..<(bytes.count / 2 + next(bytes.count / 2))) }
            do {
                let policy = try Policy.parse(bytes, as: .identity)
                _ = ApplicablePolicies(identity: [policy]).decide(Example.request())
            } catch {
                #expect(error is PolicyError)
            }
        }
    }
}
