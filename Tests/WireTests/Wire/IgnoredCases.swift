/// Cases that have no meaning in the server's direction, each with its reason.
enum IgnoredCases {
    static let input: [String: String] = [
        "AwsJson10EndpointTrait": noTarget, "AwsJson10EndpointTraitWithHostLabel": noTarget,
        "AwsJson10HostWithPath": noTarget,
        "SDKAppliedContentEncoding_awsJson1_0": noBody, "SDKAppliedContentEncoding_awsJson1_1": noBody,
        "SDKAppliedContentEncoding_awsQuery": noBody, "SDKAppliedContentEncoding_ec2Query": noBody,
        "SDKAppliedContentEncoding_restJson1": noBody, "SDKAppliedContentEncoding_restXml": noBody,
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0": noBody,
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1": noBody,
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery": noBody,
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query": noBody,
        "SDKAppendedGzipAfterProvidedEncoding_restJson1": noBody,
        "SDKAppendedGzipAfterProvidedEncoding_restXml": noBody,
        "Ec2ProtocolIdempotencyTokenAutoFill": clientFills, "QueryProtocolIdempotencyTokenAutoFill": clientFills,
        "RestJsonQueryIdempotencyTokenAutoFill": clientFills, "QueryIdempotencyTokenAutoFill": clientFills,
        "RestJsonQueryPrecedence": clientMerges, "RestXmlQueryPrecedence": clientMerges,
        "RestJsonAllQueryStringTypes": boundOnce, "RestJsonQueryStringEscaping": boundOnce,
        "RestJsonSupportsNaNFloatQueryValues": boundOnce, "RestJsonSupportsInfinityFloatQueryValues": boundOnce,
        "RestJsonSupportsNegativeInfinityFloatQueryValues": boundOnce, "RestJsonZeroAndFalseQueryValues": boundOnce,
        "serializes_timestamp_shapes_with_iso8601_timestampformat": untouched,
        "serializes_timestamp_shapes_with_httpdate_timestampformat": untouched,
    ]

    static let output: [String: String] = [
        "Ec2ComplexError": otherMessage, "ComplexError": otherMessage, "InvalidGreetingError": otherMessage,
        "QueryXmlEmptyMaps": "the body is another operation's, which clients do not look at",
        "IgnoreQueryParamsInResponse": "no vendored output has a member bound to the query",
        "Ec2QueryDateTimeWithNegativeOffset": writesUTC, "Ec2QueryDateTimeWithPositiveOffset": writesUTC,
        "AwsQueryDateTimeWithNegativeOffset": writesUTC, "AwsQueryDateTimeWithPositiveOffset": writesUTC,
        "RestJsonDateTimeWithNegativeOffset": writesUTC, "RestJsonDateTimeWithPositiveOffset": writesUTC,
        "RestXmlDateTimeWithNegativeOffset": writesUTC, "RestXmlDateTimeWithPositiveOffset": writesUTC,
        "AwsJson11DateTimeWithNegativeOffset": untouched, "AwsJson11DateTimeWithPositiveOffset": untouched,
        "AwsJson11DateTimeWithFractionalSeconds": untouched, "parses_iso8601_timestamps": untouched,
        "parses_httpdate_timestamps": untouched,
        "handles_unexpected_json_output": tolerance, "AwsJson10HandlesUnexpectedJsonOutput": tolerance,
        "AwsJson11DeserializeIgnoreType": tolerance, "AwsJson10DeserializeIgnoreType": tolerance,
        "RestJsonDeserializeIgnoreType": tolerance,
        "AwsJson11FooErrorUsingXAmznErrorType": otherPlace, "AwsJson11FooErrorUsingXAmznErrorTypeWithUri": otherPlace,
        "AwsJson11FooErrorUsingXAmznErrorTypeWithUriAndNamespace": otherPlace, "AwsJson11FooErrorUsingCode": otherPlace,
        "AwsJson11FooErrorUsingCodeAndNamespace": otherPlace, "AwsJson11FooErrorUsingCodeUriAndNamespace": otherPlace,
        "AwsJson10FooErrorUsingXAmznErrorType": otherPlace, "AwsJson10FooErrorUsingXAmznErrorTypeWithUri": otherPlace,
        "AwsJson10FooErrorUsingXAmznErrorTypeWithUriAndNamespace": otherPlace, "AwsJson10FooErrorUsingCode": otherPlace,
        "AwsJson10FooErrorUsingCodeAndNamespace": otherPlace, "AwsJson10FooErrorUsingCodeUriAndNamespace": otherPlace,
    ]

    private static let noTarget = "the case leaves out X-Amz-Target, which every client sends"
    private static let noBody = "the case has no body to read"
    private static let clientFills = "a client fills in the token; the server sees one"
    private static let clientMerges = "a client drops one of two values; the server sees the other"
    private static let boundOnce =
        "a parameter stands in the member bound to it, not in the map again, as REST-XML's cases say"
    private static let untouched =
        "awsJson bodies pass untouched; no vendored awsJson model has another format for times"
    private static let otherMessage = "the body has elements that the case's shape and values lack"
    private static let writesUTC = "we write UTC, never an offset"
    private static let tolerance = "a client ignores what we never write"
    private static let otherPlace = "an older place of the error's name; ours is __type"
}
