import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("PartiQL writes")
struct PartiQLWriteTests {
    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func input(_ statement: String, _ more: String = "") -> String {
        #"{"Statement":\#(quoted(statement))\#(more)}"#
    }

    @Test("insert an item of all types, and never a second time")
    func insert() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let statement = """
                INSERT INTO "table" VALUE {'p': 'a', 'n': -1.50, 'l': [1, 'x', true, null], 'm': {'k': ?}, \
                's': <<'y', 'x'>>, 'it''s': 'q'}
                """
            try await db.call("ExecuteStatement", Self.input(statement, #","Parameters":[{"B":"AAE="}]"#))
            #expect(
                try await db.item(#"{"p":{"S":"a"}}"#)
                    == #"{"it's":{"S":"q"},"l":{"L":[{"N":"1"},{"S":"x"},{"BOOL":true},{"NULL":true}]},"m":{"M":{"k":{"B":"AAE="}}},"n":{"N":"-1.5"},"p":{"S":"a"},"s":{"SS":["x","y"]}}"#
            )
            #expect(
                try await db.error("ExecuteStatement", Self.input("INSERT INTO \"table\" VALUE {'p':'a'}"))
                    == "DuplicateItemException: Duplicate primary key exists in table")
        }
    }

    @Test("update one item by its whole key: set, remove, arithmetic, lists and sets")
    func update() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(
                #"{"p":{"S":"a"},"n":{"N":"1"},"l":{"L":[{"N":"1"}]},"s":{"SS":["x","y"]},"gone":{"S":"g"},"m":{"M":{}}}"#
            )
            try await db.call(
                "ExecuteStatement",
                Self.input(
                    """
                    UPDATE "table" SET n = n - 2, l = list_append(l, [2]) SET s = set_delete(s, <<'y'>>) REMOVE gone \
                    SET m.k = ? WHERE p = 'a' AND n = 1
                    """, #","Parameters":[{"BOOL":true}]"#))
            #expect(
                try await db.item(#"{"p":{"S":"a"}}"#)
                    == #"{"l":{"L":[{"N":"1"},{"N":"2"}]},"m":{"M":{"k":{"BOOL":true}}},"n":{"N":"-1"},"p":{"S":"a"},"s":{"SS":["x"]}}"#
            )
        }
    }

    @Test("update answers what RETURNING asks for, and fails on conditions and missing items")
    func returning() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"},"s":{"SS":["x"]},"gone":{"S":"g"}}"#)
            let update = """
                UPDATE "table" SET n = n + 2 SET s = set_add(s, <<'y'>>) REMOVE gone WHERE p = 'a' AND n = 1 \
                RETURNING MODIFIED NEW *
                """
            #expect(
                try await db.call("ExecuteStatement", Self.input(update))
                    == #"{"Items":[{"n":{"N":"3"},"s":{"SS":["x","y"]}}]}"#)
            let failed = "ConditionalCheckFailedException: The conditional request failed"
            #expect(try await db.error("ExecuteStatement", Self.input(update)) == failed)
            #expect(
                try await db.error(
                    "ExecuteStatement", Self.input(update, #","ReturnValuesOnConditionCheckFailure":"ALL_OLD""#))
                    == failed + #" {"Item":{"n":{"N":"3"},"p":{"S":"a"},"s":{"SS":["x","y"]}}}"#)
            let missing = #"UPDATE "table" SET n = 1 WHERE p = 'nobody'"#
            #expect(try await db.error("ExecuteStatement", Self.input(missing)) == failed)
            #expect(
                try await db.error("ExecuteStatement", Self.input(#"UPDATE "table" SET n = 1 WHERE n = 3"#))
                    == "ValidationException: Where clause does not contain a mandatory equality on all key attributes")
        }
    }

    @Test("update an item that stands first in the statement, as FROM … WHERE … SET")
    func keyFirst() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"},"gone":{"S":"g"}}"#)
            let update = #"from "table" where p = ? and n = 1 set n = ? remove gone returning all new *"#
            #expect(
                try await db.call(
                    "ExecuteStatement", Self.input(update, #","Parameters":[{"S":"a"},{"N":"7"}]"#))
                    == #"{"Items":[{"n":{"N":"7"},"p":{"S":"a"}}]}"#)
            for missing in [
                #"FROM "table" WHERE p = 'b' SET n = 1"#, #"FROM "table" WHERE p = 'a' AND n = 1 SET n = 2"#,
            ] {
                #expect(
                    try await db.error("ExecuteStatement", Self.input(missing))
                        == "ConditionalCheckFailedException: The conditional request failed")
            }
            #expect(
                try await db.call(
                    "BatchExecuteStatement",
                    #"{"Statements":[\#(Self.input(#"FROM "table" WHERE p = 'a' SET n = 8 RETURNING MODIFIED OLD *"#)),\#(Self.input(#"UPDATE "table" SET n = 1 WHERE p = 'b'"#))]}"#
                )
                    == #"{"Responses":[{"TableName":"table","Item":{"n":{"N":"7"}}},{"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"},"TableName":"table"}]}"#
            )
        }
    }

    @Test(
        "are refused in AWS's words where functions on sets are given something else",
        arguments: [
            ("t = set_add(s, <<'x'>>)", "The first argument to SET_ADD must equal the assignment value at 1:22:7"),
            (
                "s = set_add(<<'a'>>, <<'b'>>)",
                "The first argument to SET_ADD must equal the assignment value at 1:22:7"
            ),
            ("s = set_add(s, 'x')", "The second argument to SET_ADD must be a value with type SET at 1:30:1"),
            ("s = set_delete(s, ['x'])", "The second argument to SET_DELETE must be a value with type SET at 1:33:1"),
            ("s = set_add(s)", "SET_ADD must have exactly two arguments at 1:22:7"),
            ("s = set_add(s, <<1>>)", "An operand in the update expression has an incorrect data type"),
            (
                "s = set_add(s, <<'x', 'x'>>)",
                "One or more parameter values were invalid: Input collection [x, x] contains duplicates."
            ),
            ("s = set_add(s, <<>>)", "Empty bags are not supported"),
        ])
    func setFunctions(assignment: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"s":{"SS":["a"]}}"#)
            #expect(
                try await db.error("ExecuteStatement", Self.input("UPDATE table SET \(assignment) WHERE p = 'a'"))
                    == "ValidationException: \(message)")
        }
    }

    @Test("delete one item, answering it if asked; a missing one is no fault")
    func delete() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            let wrong = #"DELETE FROM "table" WHERE p = 'a' AND n = 2"#
            #expect(
                try await db.error("ExecuteStatement", Self.input(wrong))
                    == "ConditionalCheckFailedException: The conditional request failed")
            #expect(
                try await db.error(
                    "ExecuteStatement", Self.input(#"DELETE FROM "table" WHERE p = 'a' RETURNING MODIFIED NEW *"#))
                    == "ValidationException: Invalid returning clause: RETURNING MODIFIED NEW *. "
                    + "Only RETURNING ALL OLD * is allowed in DELETE statements.")
            let statement = #"DELETE FROM "table" WHERE p = 'a' RETURNING ALL OLD *"#
            #expect(
                try await db.call("ExecuteStatement", Self.input(statement))
                    == #"{"Items":[{"n":{"N":"1"},"p":{"S":"a"}}]}"#)
            #expect(try await db.call("ExecuteStatement", Self.input(statement)) == #"{"Items":[]}"#)
        }
    }

    @Test("in a batch each stand for themselves")
    func batch() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"}}"#)
            func batch(_ statements: String...) -> String {
                #"{"Statements":[\#(statements.map { Self.input($0) }.joined(separator: ","))]}"#
            }
            #expect(
                try await db.call(
                    "BatchExecuteStatement",
                    batch(
                        #"INSERT INTO "table" VALUE {'p':'b'}"#, #"INSERT INTO "table" VALUE {'p':'a'}"#, "nonsense",
                        #"INSERT INTO nowhere VALUE {'p':'a'}"#))
                    == #"{"Responses":[{"TableName":"table"},{"Error":{"Code":"DuplicateItem","Message":"Duplicate primary key exists in table"},"TableName":"table"},{"Error":{"Code":"ValidationError","Message":"Statement wasn't well formed, can't be processed: Unexpected term: nonsense"}},{"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}}]}"#
            )
            #expect(
                try await db.call(
                    "BatchExecuteStatement",
                    batch(
                        #"SELECT * FROM "table" WHERE p='b'"#, #"SELECT * FROM "table" WHERE p='none'"#,
                        #"SELECT * FROM "table""#))
                    == #"{"Responses":[{"TableName":"table","Item":{"p":{"S":"b"}}},{"TableName":"table"},{"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}}]}"#
            )
            let twice = #"SELECT * FROM "table" WHERE p='a'"#
            #expect(
                try await db.error("BatchExecuteStatement", batch(twice, twice))
                    == "ValidationException: Provided list of item keys contains duplicates")
        }
    }

    @Test("in a transaction happen all or not at all, and once for a token")
    func transaction() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            func transaction(_ statements: [String], token: String = "t") -> String {
                #"{"TransactStatements":[\#(statements.map { Self.input($0) }.joined(separator: ","))],"ClientRequestToken":"\#(token)"}"#
            }
            let failing = transaction(
                [
                    #"INSERT INTO "table" VALUE {'p':'b'}"#, #"INSERT INTO "table" VALUE {'p':'a'}"#,
                    #"EXISTS(SELECT * FROM "table" WHERE p='c' AND n IS NOT MISSING)"#,
                ], token: "f")
            #expect(
                try await db.error("ExecuteTransaction", failing).hasPrefix(
                    "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for "
                        + "specific reasons [None, DuplicateItem, ConditionalCheckFailed]"))
            #expect(try await db.item(#"{"p":{"S":"b"}}"#) == "none")
            let working = transaction([
                #"UPDATE "table" SET n = n + 1 WHERE p='a'"#, #"INSERT INTO "table" VALUE {'p':'b'}"#,
            ])
            #expect(try await db.call("ExecuteTransaction", working) == #"{"Responses":[]}"#)
            #expect(try await db.call("ExecuteTransaction", working) == #"{"Responses":[]}"#)
            let returning = #"UPDATE "table" SET n = 1 WHERE p='a' RETURNING ALL NEW *"#
            #expect(
                try await db.error("ExecuteTransaction", transaction([returning], token: "o"))
                    == "ValidationException: Validation failed in TransactStatements[0]: "
                    + "RETURNING clause is not supported in ExecuteTransaction.")
            #expect(
                try await db.error("ExecuteTransaction", transaction([#"SELECT * FROM "table""#], token: "o"))
                    == "ValidationException: Validation failed in TransactStatements[0]: Select statements within "
                    + "ExecuteTransaction must specify the primary key in the where clause.")
            #expect(
                try await db.call(
                    "ExecuteTransaction",
                    transaction(
                        [#"SELECT n FROM "table" WHERE p='a'"#, #"SELECT * FROM "table" WHERE p='z'"#], token: "r"))
                    == #"{"Responses":[{"Item":{"n":{"N":"2"}}},{}]}"#)
        }
    }
}
