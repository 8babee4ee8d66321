import ServiceKit

/// Declares a status that a method may answer.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html)
struct PutMethodResponse: AWSOperation {
    struct Input: InputShape {
        let place: MethodPlace
        let statusCode: String
        let members: StoredMembers

        init(_ member: Members) throws {
            place = try MethodPlace(member)
            statusCode = try member("statusCode")
            members = try StoredMembers(member, names: ["statusCode", "responseParameters", "responseModels"])
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PUT", on: input.place.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> StoredMembers {
        try await store.changeMethod(input.place, in: call) { method in
            method.responses[input.statusCode] = input.members
            return input.members
        }
    }
}
