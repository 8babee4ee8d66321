import Testing

/// Of two faults DynamoDB tells one: which, dynalite's suite noted down from DynamoDB itself.
@Suite("Of several faults of a request DynamoDB tells")
struct RefusalOrderTests {
    @Test(
        "what stands beside what before any of the values",
        arguments: [
            (
                "GetItem",
                #"{"TableName":"abc","Key":{"a":{}},"AttributesToGet":["a"],"ProjectionExpression":""}"#,
                "Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
            ),
            (
                "GetItem", #"{"TableName":"abc","Key":{"a":{}},"ExpressionAttributeNames":{}}"#,
                "ExpressionAttributeNames can only be specified when using expressions"
            ),
            (
                "PutItem",
                #"{"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ConditionExpression":""}"#,
                "1 validation error detected: Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"
            ),
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{}},"ExpressionAttributeValues":{}}"#,
                "1 validation error detected: ExpressionAttributeValues can only be specified when using expressions"
            ),
            (
                "UpdateItem",
                #"{"TableName":"abc","Key":{"a":{}},"AttributeUpdates":{"a":{}},"Expected":{"a":{}},"UpdateExpression":"","ConditionExpression":""}"#,
                "1 validation error detected: Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {AttributeUpdates, Expected} "
                    + "Expression parameters: {UpdateExpression, ConditionExpression}"
            ),
            (
                "UpdateItem", #"{"TableName":"abc","Key":{"a":{}},"ExpressionAttributeValues":{}}"#,
                "1 validation error detected: ExpressionAttributeValues can only be specified when using expressions"
            ),
            (
                "Query",
                #"{"TableName":"abc","ExclusiveStartKey":{"a":{}},"AttributesToGet":["a"],"QueryFilter":{"a":{"ComparisonOperator":"EQ"}},"KeyConditions":{"a":{"ComparisonOperator":"EQ"}},"ConditionalOperator":"OR","FilterExpression":"","KeyConditionExpression":""}"#,
                "Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions} "
                    + "Expression parameters: {FilterExpression, KeyConditionExpression}"
            ),
            (
                "Query", #"{"TableName":"abc","ExclusiveStartKey":{"a":{}},"ExpressionAttributeValues":{}}"#,
                "ExpressionAttributeValues can only be specified when using expressions: "
                    + "FilterExpression and KeyConditionExpression are null"
            ),
            (
                "Scan", #"{"TableName":"abc","ExclusiveStartKey":{"a":{}},"ExpressionAttributeNames":{}}"#,
                "ExpressionAttributeNames can only be specified when using expressions"
            ),
            (
                "BatchGetItem",
                #"{"RequestItems":{"abc":{"Keys":[{"a":{}}],"AttributesToGet":["a"],"ProjectionExpression":""}}}"#,
                "Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
            ),
        ])
    func forms(operation: String, input: String, message: String) async throws {
        try await expect(operation, input, message)
    }

    @Test(
        "what is wrong with a request before the table's not being there",
        arguments: [
            (
                "BatchGetItem", #"{"RequestItems":{"abc":{"Keys":[{"a":{"S":"a"}},{"a":{"S":"a"}}]}}}"#,
                "Provided list of item keys contains duplicates"
            ),
            (
                "UpdateTable",
                #"{"TableName":"abc","ProvisionedThroughput":{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1}}"#,
                "Given value 1000000000001 for ReadCapacityUnits is out of bounds"
            ),
            (
                "UpdateTable",
                #"{"TableName":"abc","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"abc"}},{"Delete":{"IndexName":"abc"}}]}"#,
                "One or more parameter values were invalid: "
                    + "Only one global secondary index update per index is allowed simultaneously. Index: abc"
            ),
            (
                "TagResource", #"{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/ab","Tags":[]}"#,
                "Invalid TableArn: Invalid ResourceArn provided as input "
                    + "arn:aws:dynamodb:us-east-1:000000000000:table/ab"
            ),
            (
                "UntagResource", #"{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/abc","TagKeys":[]}"#,
                "Atleast one Tag Key needs to be provided as Input."
            ),
        ])
    func missingTable(operation: String, input: String, message: String) async throws {
        try await expect(operation, input, message)
    }

    @Test("that a table is not there before what an index of it cannot have")
    func unknownIndex() async throws {
        try await DynamoDBHost.with { db in
            let update =
                #"{"TableName":"abc","GlobalSecondaryIndexUpdates":[{"Update":{"IndexName":"abc","ProvisionedThroughput":{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1}}}]}"#
            let error = try await db.error("UpdateTable", update)
            #expect(error == "ResourceNotFoundException: Requested resource not found: Table: abc not found")
        }
    }

    @Test(
        "that an item is too large before the table's not being there",
        arguments: ["PutItem", "BatchWriteItem", "TransactWriteItems"])
    func sizes(operation: String) async throws {
        let item = #"{"a":{"S":""# + String(repeating: "a", count: 409_600) + #""}}"#
        let input =
            switch operation {
            case "PutItem": #"{"TableName":"abc","Item":\#(item)}"#
            case "BatchWriteItem": #"{"RequestItems":{"abc":[{"PutRequest":{"Item":\#(item)}}]}}"#
            default: #"{"TransactItems":[{"Put":{"TableName":"abc","Item":\#(item)}}]}"#
            }
        try await expect(operation, input, "Item size has exceeded the maximum allowed size")
    }

    @Test(
        "a faulty key of a value's name before the value, and faulty values of a starting key in its own words",
        arguments: [
            (
                "DeleteItem",
                #"{"TableName":"abc","Key":{"a":{"S":"a"}},"ConditionExpression":"a","ExpressionAttributeValues":{":a":{},"b":{"S":"a"}}}"#,
                #"1 validation error detected: ExpressionAttributeValues contains invalid key: Syntax error; key: "b""#
            ),
            (
                "Scan", #"{"TableName":"abc","ExclusiveStartKey":{"a":{}}}"#,
                "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
                    + "supported datatypes"
            ),
            (
                "Query", #"{"TableName":"abc","ExclusiveStartKey":{"a":{"NS":["1","1"]}},"KeyConditions":{}}"#,
                "One or more parameter values were invalid: Input collection contains duplicates."
            ),
            (
                "Query", #"{"TableName":"abc","ExclusiveStartKey":{"a":{"NULL":"no"}}}"#,
                "The provided starting key is invalid: One or more parameter values were invalid: "
                    + "Null attribute value types must have the value of true"
            ),
            (
                "Query", #"{"TableName":"abc","FilterExpression":"(","ExpressionAttributeValues":{":a":{}}}"#,
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            ),
        ])
    func values(operation: String, input: String, message: String) async throws {
        try await expect(operation, input, message)
    }

    @Test(
        "of a write of one item as one of the model's constraints, but for values that are none",
        arguments: [
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{"NS":[]}}}"#,
                "1 validation error detected: One or more parameter values were invalid: An number set  may not be empty"
            ),
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{"M":{"b":{"SS":["c","c"]}}}}}"#,
                "1 validation error detected: One or more parameter values were invalid: "
                    + #"Input collection ["c", "c"] contains duplicates."#
            ),
            (
                "DeleteItem", #"{"TableName":"abc","Key":{"a":{"SS":["d","c","d","b"]}}}"#,
                "1 validation error detected: One or more parameter values were invalid: "
                    + #"Input collection ["c", "d", "d", "b"] contains duplicates."#
            ),
            (
                "GetItem", #"{"TableName":"abc","Key":{"a":{"BS":["/w==","AA==","AA=="]}}}"#,
                "One or more parameter values were invalid: "
                    + #"Input collection ["AA==","/w==","AA=="]of type BS contains duplicates."#
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"abc":[{"DeleteRequest":{"Key":{"a":{"SS":["b","a","b"]}}}}]}}"#,
                "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."
            ),
            (
                "BatchGetItem", #"{"RequestItems":{"abc":{"Keys":[{"a":{"N":""}}]}}}"#,
                "The parameter cannot be converted to a numeric value: "
            ),
            (
                "Query",
                #"{"TableName":"abc","KeyConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":"1e126"}}}"#,
                "Number overflow. Attempting to store a number with magnitude larger than supported range"
            ),
            (
                "Scan", #"{"TableName":"abc","FilterExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":""}}}"#,
                "ExpressionAttributeValues contains invalid value: "
                    + "The parameter cannot be converted to a numeric value for key :a"
            ),
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{"S":"a"}},"ReturnValues":"ALL_NEW"}"#,
                "1 validation error detected: ReturnValues can only be ALL_OLD or NONE"
            ),
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{}}}"#,
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
            ),
            (
                "PutItem", #"{"TableName":"abc","Item":{"a":{"N":"x"}}}"#,
                "1 validation error detected: The parameter cannot be converted to a numeric value: x"
            ),
            (
                "UpdateItem", #"{"TableName":"abc","Key":{"a":{"NULL":false}}}"#,
                "1 validation error detected: One or more parameter values were invalid: "
                    + "Null attribute value types must have the value of true"
            ),
            (
                "UpdateItem",
                #"{"TableName":"abc","Key":{"a":{"S":"a"}},"UpdateExpression":"ADD b :b","ExpressionAttributeValues":{":b":{"SS":[]}}}"#,
                "1 validation error detected: One or more parameter values were invalid: "
                    + "An string set  may not be empty"
            ),
            (
                "UpdateItem", #"{"TableName":"abc","Key":{"a":{"S":"a"}},"UpdateExpression":""}"#,
                "1 validation error detected: Invalid UpdateExpression: The expression can not be empty;"
            ),
            (
                "DeleteItem",
                ##"{"TableName":"abc","Key":{"a":{"S":"a"}},"ConditionExpression":"attribute_exists(a)","ExpressionAttributeNames":{"#b":"b"}}"##,
                "1 validation error detected: "
                    + "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"
            ),
            (
                "Query", #"{"TableName":"abc","KeyConditions":{},"Select":"SPECIFIC_ATTRIBUTES"}"#,
                "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to "
                    + "get SPECIFIC_ATTRIBUTES"
            ),
            (
                "Scan", #"{"TableName":"abc","Select":"SPECIFIC_ATTRIBUTES"}"#,
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
            ),
            (
                "GetItem", #"{"TableName":"abc","Key":{"a":{"SS":[]}}}"#,
                "One or more parameter values were invalid: An string set  may not be empty"
            ),
            (
                "BatchExecuteStatement",
                #"{"Statements":[{"Statement":"SELECT * FROM abc WHERE a = 'a'"},{"Statement":"DELETE FROM abc WHERE a = 'a'"}]}"#,
                "Read and write requests together in the same batch is not supported."
            ),
            (
                "ExecuteTransaction",
                #"{"TransactStatements":[{"Statement":"SELECT * FROM abc WHERE a = 'a'"},{"Statement":"DELETE FROM abc WHERE a = 'b'"}]}"#,
                "ExecuteTransaction API does not support both read and write operations in the same request."
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"abc":[{"PutRequest":{"Item":{"a":{"SS":[]}}}}]}}"#,
                "One or more parameter values were invalid: An string set  may not be empty"
            ),
            (
                "TransactWriteItems",
                #"{"TransactItems":[{"Update":{"TableName":"abc","Key":{"a":{"S":"a"}},"UpdateExpression":""}}]}"#,
                "Invalid UpdateExpression: The expression can not be empty;"
            ),
            (
                "UpdateItem", #"{"TableName":"abc","Key":{"a":{"S":"a"}},"ReturnValues":"ALL"}"#,
                "1 validation error detected: "
                    + "Failed to satisfy constraint: Member must satisfy enum value set: "
                    + "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
            ),
        ])
    func violations(operation: String, input: String, message: String) async throws {
        try await expect(operation, input, message)
    }

    @Test(
        "in the words AWS has for what breaks the model, which are others for single items, BatchGetItem and Query",
        arguments: [
            (
                "PutItem", #"{"TableName":"","Item":{"a":{"S":"a"}},"ReturnValues":"ALL"}"#,
                "1 validation error detected: Value at 'TableName' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 1"
            ),
            (
                "PutItem",
                #"{"TableName":"abc","Item":{},"ReturnValues":"ALL","ReturnItemCollectionMetrics":"X","ReturnConsumedCapacity":"X"}"#,
                "3 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
                    + "Failed to satisfy constraint: Member must satisfy enum value set: "
                    + "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]; "
                    + "Value 'X' at 'returnItemCollectionMetrics' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [SIZE, NONE]"
            ),
            (
                "UpdateItem",
                #"{"TableName":"abc","Key":{"a":{"S":"a"}},"ReturnConsumedCapacity":"X","ReturnValues":"ALL"}"#,
                "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: "
                    + "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
            ),
            (
                "UpdateItem", #"{"ReturnValues":"ALL","TableName":"","ReturnConsumedCapacity":"X"}"#,
                "4 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
                    + "Value '' at 'tableName' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 1; "
                    + "Value 'ALL' at 'returnValues' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; "
                    + "Value null at 'key' failed to satisfy constraint: Member must not be null"
            ),
            (
                "Query", #"{"TableName":"abc","Limit":0}"#,
                "1 validation error detected: Value at 'Limit' failed to satisfy constraint: "
                    + "Member must have value greater than or equal to 1"
            ),
            (
                "Scan", #"{"TableName":"abc","Limit":0}"#,
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
                    + "Member must have value greater than or equal to 1"
            ),
            (
                "BatchGetItem", #"{"RequestItems":{}}"#,
                "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 1"
            ),
            (
                "BatchGetItem", #"{"RequestItems":{"abc":{"Keys":[]}}}"#,
                "1 validation error detected: Value at 'RequestItems.abc.member.Keys' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 1"
            ),
            (
                "BatchGetItem", #"{"RequestItems":{"bad!name":{ "Keys": [{"pk":{"S":"a"}}]}}}"#,
                #"1 validation error detected: Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' at 'requestItems' failed "#
                    + "to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or "
                    + "equal to 255, Member must have length greater than or equal to 3, "
                    + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"
            ),
            (
                "BatchGetItem",
                #"{"RequestItems":{"abc":{"Keys":[{"a":{"S":"a"}}],"AttributesToGet":["a"]},"abd":{"Keys":[{"a":{"S":"a"}}],"ProjectionExpression":"a"}}}"#,
                "Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{}}"#,
                "The requestItems parameter is required for BatchWriteItem"
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"abc":[]}}"#,
                "1 validation error detected: Value '{abc=[]}' at 'requestItems' failed to satisfy constraint: "
                    + "Map value must satisfy constraint: [Member must have length less than or equal to 25, "
                    + "Member must have length greater than or equal to 1]"
            ),
            (
                "CreateTable", #"{"KeySchema":[],"AttributeDefinitions":[]}"#,
                "The parameter 'TableName' is required but was not present in the request"
            ),
            (
                "DescribeTable", #"{"TableName":"x!"}"#,
                "2 validation errors detected: Value 'x!' at 'tableName' failed to satisfy constraint: "
                    + "Member must have length greater than or equal to 3; Value 'x!' at 'tableName' failed to satisfy "
                    + "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            ),
            (
                "CreateTable",
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"q","KeyType":"RANGE"},{"AttributeName":"r","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "1 validation error detected: Value '[KeySchemaElement(attributeName=p, keyType=HASH), "
                    + "KeySchemaElement(attributeName=q, keyType=RANGE), KeySchemaElement(attributeName=r, "
                    + "keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: "
                    + "Member must have length less than or equal to 2"
            ),
        ])
    func constraints(operation: String, input: String, message: String) async throws {
        try await expect(operation, input, message)
    }

    @Test(
        "of a query that its starting key has another shape before what it asks of the key",
        arguments: [
            (#""ExclusiveStartKey":{"p":{"S":"a"}}"#, "NE", "The provided starting key is invalid"),
            (
                #""ExclusiveStartKey":{"p":{"S":"a"},"c":{"S":"a"}}"#, "NE",
                "The provided key element does not match the schema"
            ),
            (
                #""ExclusiveStartKey":{"p":{"S":"a"},"c":{"N":"1"}}"#, "NE",
                "Attempted conditional constraint is not an indexable operation"
            ),
            (#""ScanIndexForward":true"#, "NE", "Attempted conditional constraint is not an indexable operation"),
        ])
    func startingKeys(start: String, comparison: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            let condition = #"{"p":{"ComparisonOperator":"\#(comparison)","AttributeValueList":[{"S":"a"}]}}"#
            let input = #"{"TableName":"table","KeyConditions":\#(condition),\#(start)}"#
            #expect(try await db.error("Query", input) == "ValidationException: \(message)")
            // What no index can answer is told of the table's own attributes only.
            let other = #"{"x":{"ComparisonOperator":"NE","AttributeValueList":[{"S":"a"}]}}"#
            #expect(
                try await db.error("Query", #"{"TableName":"table","KeyConditions":\#(other)}"#)
                    == "ValidationException: Query condition missed key schema element: p")
        }
    }

    private static let index = """
        ,"GlobalSecondaryIndexes":[{"IndexName":"all","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
        "Projection":{"ProjectionType":"ALL"}}]
        """

    @Test(
        "that a path leads into a key, whatever the item holds",
        arguments: [
            ("GetItem", #""Key":{"p":{"S":"a"}},"ProjectionExpression":"p.b""#, "Key: p"),
            ("GetItem", #""Key":{"p":{"S":"a"}},"ProjectionExpression":"g[0]""#, "IndexKey: g"),
            ("Scan", #""FilterExpression":"attribute_exists(p.b)""#, "Key: p"),
            (
                "Query",
                #""KeyConditionExpression":"p = :a","FilterExpression":"g[1] = :a","ExpressionAttributeValues":{":a":{"S":"a"}}"#,
                "IndexKey: g"
            ),
            (
                "UpdateItem",
                #""Key":{"p":{"S":"a"}},"UpdateExpression":"SET g.x = :a","ExpressionAttributeValues":{":a":{"S":"a"}}"#,
                "IndexKey: g"
            ),
            ("UpdateItem", #""Key":{"p":{"S":"a"}},"UpdateExpression":"SET x = y, z = g[1]""#, "IndexKey: g"),
        ])
    func pathsIntoKeys(operation: String, input: String, key: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.index)
            #expect(
                try await db.error(operation, #"{"TableName":"table",\#(input)}"#)
                    == "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' "
                    + "are not allowed: \(key)")
        }
    }

    @Test(
        "that a value is none for an index before what the item lacks, and of what came from the item without its type")
    func indexKeysOfUpdates() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.index)
            let update = #"{"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"#
            #expect(
                try await db.error(
                    "UpdateItem", update + #""SET x = y, g = :n","ExpressionAttributeValues":{":n":{"N":"1"}}}"#)
                    == "ValidationException: One or more parameter values were invalid: "
                    + "Type mismatch for Index Key g Expected: S Actual: N IndexName: all")
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            #expect(
                try await db.error("UpdateItem", update + #""SET g = n"}"#)
                    == "ValidationException: The update expression attempted to update the secondary index key to "
                    + "unsupported type")
        }
    }

    @Test("An update sees the key of an item that is not there yet")
    func keysOfNewItems() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N", more: Self.index)
            let key = #""TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"7"}}"#
            let output = try await db.call(
                "UpdateItem",
                "{\(key),"
                    + #""UpdateExpression":"SET g = p, n = if_not_exists(n, c)","ReturnValues":"UPDATED_NEW"}"#)
            #expect(output == #"{"Attributes":{"g":{"S":"a"},"n":{"N":"7"}}}"#)
            #expect(try await db.call("GetItem", "{\(key)}").contains(#""g":{"S":"a"}"#))
        }
    }

    @Test("The older IN takes more operands than an expression's")
    func olderMembership() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"150"}}"#)
            let values = (1...200).map { #"{"N":"\#($0)"}"# }.joined(separator: ",")
            let filter = #"{"n":{"ComparisonOperator":"IN","AttributeValueList":[\#(values)]}}"#
            let output = try await db.call("Scan", #"{"TableName":"table","ScanFilter":\#(filter)}"#)
            #expect(output.contains(#""Count":1"#))
        }
    }

    private func expect(_ operation: String, _ input: String, _ message: String) async throws {
        try await DynamoDBHost.with { db in
            let error = try await db.error(operation, input)
            #expect(error == "ValidationException: \(message)")
        }
    }
}
