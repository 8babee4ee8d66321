import AWSModel

extension DynamoDB {
    /// How AWS tells of what requests break of the model, as it did in October 2026.
    static let wording = JavaWording(
        package: "com.amazonaws.dynamodb.v20120810",
        wordyShapes: ["BooleanAttributeValue", "NullAttributeValue"],
        orders: [
            "ComparisonOperator": [
                "IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE",
                "CONTAINS",
            ],
            "ConditionalOperator": ["OR", "AND"],
            "ProjectionType": ["ALL", "INCLUDE", "KEYS_ONLY"],
            "ReturnValue": ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
            "ScalarAttributeType": ["B", "N", "S"],
            "Select": ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
        ],
        refusals: [
            "BatchWriteItemRequestMap": "The requestItems parameter is required for BatchWriteItem",
            "CreateTableInput.TableName": "The parameter 'TableName' is required but was not present in the request",
        ],
        terse: TerseWording(
            inputs: [
                "BatchGetItemInput", "DeleteItemInput", "GetItemInput", "PutItemInput", "QueryInput", "UpdateItemInput",
            ],
            order: ["ReturnConsumedCapacity", "TableName", "ReturnValues", "Key"],
            // Sic: UPDATE_NEW.
            placeless: ["ReturnValue": ["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATE_NEW", "NONE"]],
            lonely: ["UpdateItemInput"]))
}
