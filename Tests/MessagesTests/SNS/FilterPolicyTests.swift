import ServiceKit
import Testing

@testable import SNS

@Suite("Filter policies")
struct FilterPolicyTests {
    static let attributes = """
        {"store":{"DataType":"String","StringValue":"example_corp"},"price":{"DataType":"Number","StringValue":"210.75"},\
        "interests":{"DataType":"String.Array","StringValue":"[\\"soccer\\",\\"rugby\\",7,true,null]"},\
        "ip":{"DataType":"String","StringValue":"10.0.0.17"},"encrypted":{"DataType":"Binary","BinaryValue":"AQI="}}
        """

    @Test(
        "Attributes are matched by every operator",
        arguments: [
            (#"{"store":["example_corp"]}"#, true),
            (#"{"store":["other","example_corp"]}"#, true),
            (#"{"store":["example_corp"],"absent":["x"]}"#, false),
            (#"{"store":[{"prefix":"example"}]}"#, true),
            (#"{"store":[{"suffix":"_corp"}]}"#, true),
            (#"{"store":[{"suffix":"_inc"}]}"#, false),
            (#"{"store":[{"equals-ignore-case":"EXAMPLE_Corp"}]}"#, true),
            (#"{"store":[{"wildcard":"ex*e_c*p"}]}"#, true),
            (#"{"store":[{"wildcard":"ex*x"}]}"#, false),
            (#"{"store":[{"anything-but":["other"]}]}"#, true),
            (#"{"store":[{"anything-but":"example_corp"}]}"#, false),
            (#"{"store":[{"anything-but":{"prefix":"example"}}]}"#, false),
            (#"{"store":[{"anything-but":{"suffix":["_inc","_ltd"]}}]}"#, true),
            (#"{"price":[210.75]}"#, true),
            (#"{"price":["210.75"]}"#, false),
            (#"{"price":[{"numeric":["=",210.75]}]}"#, true),
            (#"{"price":[{"numeric":[">",100,"<=",210.75]}]}"#, true),
            (#"{"price":[{"numeric":[">",100,"<",210.75]}]}"#, false),
            (#"{"price":[{"anything-but":[100,200]}]}"#, true),
            (#"{"interests":["rugby"]}"#, true),
            (#"{"interests":[7]}"#, true),
            (#"{"interests":[null]}"#, true),
            (#"{"interests":["tennis"]}"#, false),
            (#"{"ip":[{"cidr":"10.0.0.0/27"}]}"#, true),
            (#"{"ip":[{"cidr":"10.0.0.0/28"}]}"#, false),
            (#"{"store":[{"exists":true}]}"#, true),
            (#"{"absent":[{"exists":false}]}"#, true),
            (#"{"store":[{"exists":false}]}"#, false),
            (#"{"$or":[{"store":["other"]},{"price":[{"numeric":["<",300]}]}]}"#, true),
            (#"{"$or":[{"store":["other"]},{"price":[1]}]}"#, false),
        ])
    func attributes(policy: String, expected: Bool) throws {
        let message = try FilterPolicyTests.message(body: "text", attributes: FilterPolicyTests.attributes)
        #expect(try FilterPolicy(policy, scope: .attributes).accepts(message) == expected)
    }

    @Test(
        "Bodies are matched inside objects and lists",
        arguments: [
            (#"{"type":["order"]}"#, true),
            (#"{"customer":{"city":[{"prefix":"Ber"}],"age":[{"numeric":[">",18]}]}}"#, true),
            (#"{"customer":{"city":["Rome"]}}"#, false),
            (#"{"items":{"sku":["b"]}}"#, true),
            (#"{"items":{"sku":["z"]}}"#, false),
            (#"{"labels":["new"]}"#, true),
            (#"{"paid":[true]}"#, true),
            (#"{"customer":{"vip":[{"exists":false}]}}"#, true),
            (#"{"$or":[{"type":["bill"]},{"customer":{"age":[40]}}]}"#, true),
        ])
    func bodies(policy: String, expected: Bool) throws {
        let body = """
            {"type":"order","paid":true,"labels":[["new"],"big"],"customer":{"city":"Berlin","age":40},\
            "items":[{"sku":"a"},{"sku":"b"}]}
            """
        #expect(try FilterPolicy(policy, scope: .body).accepts(FilterPolicyTests.message(body: body)) == expected)
        #expect(try !FilterPolicy(policy, scope: .body).accepts(FilterPolicyTests.message(body: "no JSON")))
    }

    @Test(
        "Policies beyond AWS's limits are refused",
        arguments: [
            (
                #"{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}"#,
                "FilterPolicy: Filter policy can not have more than 5 keys"
            ),
            (#"{"a":[1,2,3,4,5,6],"b":[1,2,3,4,5,6],"c":[1,2,3,4,5]}"#, "FilterPolicy: Filter policy is too complex"),
            (#"{"a":[]}"#, "FilterPolicy: Empty arrays are not allowed"),
            (#"{"a":"x"}"#, #"FilterPolicy: "a" must be an object or an array"#),
            (#"{"a":{"b":["x"]}}"#, "Filter policy scope MessageAttributes does not support nested filter policy"),
            (#"{"a":[{"exists":"yes"}]}"#, "FilterPolicy: exists match pattern must be either true or false."),
            (#"{"a":[{"prefix":1}]}"#, "FilterPolicy: prefix match pattern must be a string"),
            (#"{"a":[{"numeric":["~",1]}]}"#, "FilterPolicy: Unrecognized numeric range operator: ~"),
        ])
    func refusals(policy: String, expected: String) {
        #expect(throws: ServiceError.invalidParameter(expected)) { try FilterPolicy(policy, scope: .attributes) }
    }

    static func message(body: String, attributes: String = "{}") throws -> Publication {
        Publication(
            id: "1", body: body, hasStructure: false, subject: nil,
            attributes: try PublishedAttributes(json: JSONDocument(Array(attributes.utf8)).root), groupID: nil,
            deduplicationID: nil, published: Timestamp(seconds: 0))
    }
}
