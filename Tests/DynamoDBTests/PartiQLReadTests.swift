import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("PartiQL reads")
struct PartiQLReadTests {
    /// Songs of two artists, in a table `Music` with the index `byGenre`.
    private static func withMusic(_ body: (DynamoDBHost) async throws -> Void) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(
                "Music", sort: "N",
                more: """
                    ,"GlobalSecondaryIndexes":[{"IndexName":"byGenre","KeySchema":[{"AttributeName":"g",\
                    "KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]
                    """)
            for number in 1...3 {
                try await db.put(
                    """
                    {"p":{"S":"Acme"},"c":{"N":"\(number)"},"g":{"S":"rock"},"awards":{"N":"\(number * 10)"},\
                    "info":{"M":{"label":{"S":"L\(number)"},"years":{"L":[{"N":"2019"},{"N":"2020"}]}}}}
                    """, in: "Music")
            }
            try await db.put(#"{"p":{"S":"Zoo"},"c":{"N":"1"},"tags":{"SS":["a","b"]}}"#, in: "Music")
            try await body(db)
        }
    }

    private static func run(_ db: DynamoDBHost, _ statement: String, _ more: String = "") async throws -> String {
        var json = JSONWriter()
        json.string(statement)
        return try await db.call(
            "ExecuteStatement", #"{"Statement":\#(String(decoding: json.bytes, as: UTF8.self))\#(more)}"#)
    }

    @Test(
        "find items by their keys and by anything else",
        arguments: [
            (#"SELECT c FROM Music WHERE p = 'Acme' AND c = 2"#, #"[{"c":{"N":"2"}}]"#),
            ("SELECT c /* only */ FROM Music -- all\nWHERE p = 'Acme' AND c = .2e1 /**/", #"[{"c":{"N":"2"}}]"#),
            (
                #"select "c" from "Music" where "p"='Acme' and "c" between 2 and 9"#,
                #"[{"c":{"N":"2"}},{"c":{"N":"3"}}]"#
            ),
            (
                #"SELECT c FROM Music WHERE p = 'Acme' AND awards > 15 ORDER BY c DESC"#,
                #"[{"c":{"N":"3"}},{"c":{"N":"2"}}]"#
            ),
            (#"SELECT p FROM Music WHERE tags IS NOT MISSING"#, #"[{"p":{"S":"Zoo"}}]"#),
            ("SELECT p FROM Music WHERE ATTRIBUTE_EXISTS(\"tags\") = true", #"[{"p":{"S":"Zoo"}}]"#),
            ("SELECT c FROM Music WHERE p = 'Acme' AND attribute_not_exists(info.years[1])", "[]"),
            ("SELECT p FROM Music WHERE NOT attribute_exists(info.label)", #"[{"p":{"S":"Zoo"}}]"#),
            ("SELECT c FROM Music WHERE info.label IS STRING AND c IS NOT BOOL AND c < 2", #"[{"c":{"N":"1"}}]"#),
            (#"SELECT p FROM Music WHERE contains(tags, 'b') AND size(tags) = 2"#, #"[{"p":{"S":"Zoo"}}]"#),
            (
                #"SELECT c FROM Music WHERE p IN ['Acme', 'Zoo'] AND NOT awards IN [10, 20] ORDER BY p DESC"#,
                #"[{"c":{"N":"1"}},{"c":{"N":"3"}}]"#
            ),
            (
                #"SELECT info.label, info.years[1], info['label'] FROM Music WHERE p='Acme' AND c=1"#,
                #"[{"_2":{"N":"2020"},"label":{"S":"L1"}}]"#
            ),
            (
                #"SELECT c FROM Music WHERE begins_with(info.label, 'L3') OR (p = 'Zoo' AND attribute_type(tags, 'SS'))"#,
                #"[{"c":{"N":"3"}},{"c":{"N":"1"}}]"#
            ),
            (#"SELECT c FROM Music."byGenre" WHERE g = 'rock' AND c <> 2"#, #"[{"c":{"N":"1"}},{"c":{"N":"3"}}]"#),
            (#"SELECT * FROM Music WHERE p = 'nobody'"#, "[]"),
        ])
    func finding(statement: String, items: String) async throws {
        try await Self.withMusic { (db) async throws in
            let found = try await db.host.call("dynamodb", "ExecuteStatement", Self.input(statement))
            // Without ORDER BY partitions come in the order of their hashes.
            let answer = String(decoding: (found["Items"] ?? found).rawBytes, as: UTF8.self)
            if statement.contains("ORDER BY") || !statement.contains(" OR ") {
                #expect(answer == items)
            } else {
                #expect(answer.utf8.sorted() == items.utf8.sorted())
            }
        }
    }

    private static func input(_ statement: String, _ more: String = "") -> String {
        var json = JSONWriter()
        json.string(statement)
        return #"{"Statement":\#(String(decoding: json.bytes, as: UTF8.self))\#(more)}"#
    }

    @Test("take parameters for values, inside lists too")
    func parameters() async throws {
        try await Self.withMusic { (db) async throws in
            #expect(
                try await Self.run(
                    db, "SELECT c FROM Music WHERE p = ? AND c IN [?, 3]",
                    #","Parameters":[{"S":"Acme"},{"N":"1"}]"#) == #"{"Items":[{"c":{"N":"1"}},{"c":{"N":"3"}}]}"#)
            let wrong = "ValidationException: Number of parameters in request and statement don't match."
            let statement = "SELECT c FROM Music WHERE p = ?"
            #expect(try await db.error("ExecuteStatement", Self.input(statement)) == wrong)
            #expect(
                try await db.error(
                    "ExecuteStatement", Self.input(statement, #","Parameters":[{"S":"a"},{"S":"b"}]"#)) == wrong)
        }
    }

    @Test("go on where a page ended, over all partitions, with the same statement only")
    func paging() async throws {
        try await Self.withMusic { (db) async throws in
            var seen: [String] = []
            var token: String?
            repeat {
                let more =
                    #","Limit":1,"ReturnConsumedCapacity":"TOTAL""# + (token.map { #","NextToken":"\#($0)""# } ?? "")
                let page = try await db.host.call(
                    "dynamodb", "ExecuteStatement", Self.input("SELECT p, c FROM Music WHERE p IN ['Zoo','Acme']", more)
                )
                for item in (page["Items"] ?? page).elements {
                    seen.append(String(decoding: item.rawBytes, as: UTF8.self))
                }
                token = page["NextToken"]?.string
                #expect((page["LastEvaluatedKey"] == nil) == (token == nil))
                #expect(page["ConsumedCapacity"]?["CapacityUnits"] != nil)
                if let token {
                    #expect(
                        try await db.error(
                            "ExecuteStatement", Self.input("SELECT * FROM Music", #","NextToken":"\#(token)""#))
                            == "ValidationException: NextToken does not match request")
                }
            } while token != nil
            #expect(seen.count == 4)
            #expect(Set(seen).count == 4)
        }
    }

    @Test(
        "are refused in AWS's words",
        arguments: [
            (
                "SELECT * FROM",
                "Statement wasn't well formed, can't be processed: Expected identifier but the statement ended"
            ),
            ("SELECT * Music", "Statement wasn't well formed, can't be processed: Unexpected term: Music"),
            ("SELECT * FROM Music LIMIT 25", "Unsupported clause: LIMIT at 1:27:2"),
            (
                "SELECT * FROM Music GROUP BY a",
                "Statement wasn't well formed, can't be processed: Unexpected token after expression"
            ),
            (
                "SELECT * FROM Music WHERE a = 1)",
                "Statement wasn't well formed, can't be processed: Unexpected token after expression"
            ),
            (
                "DELETE FROM Music WHERE a = 1 ORDER BY a",
                "Statement wasn't well formed, can't be processed: Unexpected token after expression"
            ),
            (
                "INSERT INTO Music m VALUE {'a': 1}",
                "Statement wasn't well formed, can't be processed: Unexpected token after expression"
            ),
            ("SELECT * FROM Music m WHERE a = 1", "Aliasing is not supported"),
            ("SELECT * FROM Music AS m WHERE a = 1", "Aliasing is not supported"),
            ("UPDATE Music \"m\" SET a = 3 WHERE a = 1", "Aliasing is not supported"),
            ("DELETE FROM Music m WHERE a = 1", "Aliasing is not supported"),
            (
                "SELECT * FROM Music WHERE attribute_exists('a')",
                "Operator or function requires a document path; operator or function: attribute_exists"
            ),
            (
                "SELECT * FROM Music WHERE attribute_exists()",
                "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 0"
            ),
            ("SELECT attribute_exists(a) FROM Music", "Unexpected path component at 1:8:16"),
            ("SELECT * FROM Music WHERE EXISTS(a)", "Unrecognized function: exists at 1:27:6"),
            ("SELECT COUNT(*) FROM Music", "Unexpected path component at 1:8:5"),
            ("SELECT -- all\n  count(a) FROM Music", "Unexpected path component at 2:3:5"),
            ("SELECT * FROM Music WHERE a = 1 # b", "Statement wasn't well formed, can't be processed: "),
            ("SELECT * FROM Music WHERE a = 1 /* b", "Statement wasn't well formed, can't be processed: "),
            ("SELECT * FROM Music WHERE a = 1e2147483648", "Statement wasn't well formed, can't be processed: "),
            ("SELECT * FROM Music WHERE a = 1.5e-2147483647", "Statement wasn't well formed, can't be processed: "),
            (
                "SELECT * FROM Music WHERE a = 1e126",
                "Number overflow. Attempting to store a number with magnitude larger than supported range under root"
            ),
            (
                "INSERT INTO Music VALUE {'a': {'x': [1, -1e126]}}",
                "Number overflow. Attempting to store a number with magnitude larger than supported range under root.x[1]"
            ),
            (
                "UPDATE Music SET b = [1e-131] WHERE a = 1",
                "Number underflow. Attempting to store a number with magnitude smaller than supported range under root[0]"
            ),
            (
                "SELECT * FROM Music WHERE a = 'b",
                "Statement wasn't well formed, can't be processed: Unterminated string"
            ),
            ("SELECT * FROM Music ORDER BY c", "Must have WHERE clause in the statement when using ORDER BY clause."),
            (
                "SELECT * FROM Music WHERE c = 1 ORDER BY c",
                "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
            ),
            (
                "SELECT * FROM Music WHERE p = 'a' ORDER BY awards",
                "Variable reference awards in ORDER BY clause must be part of the primary key"
            ),
            ("SELECT * FROM Music.nope", "The table does not have the specified index"),
            (
                "SELECT * FROM Music WHERE p = 5",
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            ),
        ])
    func refusals(statement: String, message: String) async throws {
        try await Self.withMusic { (db) async throws in
            #expect(try await db.error("ExecuteStatement", Self.input(statement)) == "ValidationException: \(message)")
            #expect(
                try await db.error("ExecuteStatement", Self.input("SELECT * FROM nowhere"))
                    == "ResourceNotFoundException: Requested resource not found")
        }
    }

    @Test("need PartiQLSelect on the table or index they name, and say whether they read all of it")
    func permissions() async throws {
        let authorizer = RecordingAuthorizer()
        try await DynamoDBHost.with(authorizer: authorizer) { db in
            let user = Caller(.user, account: TestHost.account, arn: "arn:aws:iam::000000000000:user/u")
            _ = try? await db.host.call(
                "dynamodb", "ExecuteStatement", Self.input("SELECT a FROM T1.\"ix\" WHERE p = 'x'"), as: user)
            #expect(
                authorizer.seen == [
                    "dynamodb:PartiQLSelect on arn:aws:dynamodb:us-east-1:000000000000:table/T1/index/ix"
                ])
        }
    }
}
