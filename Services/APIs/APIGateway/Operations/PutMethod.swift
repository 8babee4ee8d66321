import ServiceKit

/// Adds a method to a resource: who may call it.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html)
struct PutMethod: AWSOperation {
    struct Input: InputShape {
        let place: MethodPlace
        let authorizationType: String
        let authorizerId: String?
        var members: StoredMembers

        init(_ member: Members) throws {
            place = try MethodPlace(member)
            authorizationType = try member("authorizationType")
            authorizerId = try member("authorizerId")
            members = try StoredMembers(member, names: Method.memberNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PUT", on: input.place.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Method {
        guard MethodPlace.verbs.contains(input.place.httpMethod) else {
            throw ServiceError.badRequest("Invalid HTTP method specified")
        }
        guard ["NONE", "AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM"].contains(input.authorizationType) else {
            throw ServiceError.badRequest("Invalid authorization type specified")
        }
        var members = input.members
        members.setDefault("apiKeyRequired", false)
        let method = Method(input.place.httpMethod, members: members)
        return try await store.change(input.place, in: call) { resource, api, transaction in
            guard resource.methods[input.place.httpMethod] == nil else { throw ServiceError.methodExists }
            if ["COGNITO_USER_POOLS", "CUSTOM"].contains(input.authorizationType) {
                guard let id = input.authorizerId, (try? transaction.authorizer(id, of: api)) != nil else {
                    throw ServiceError.badRequest(
                        "Invalid authorizer ID specified. Setting the authorization type to "
                            + "CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
                }
            }
            resource.methods[input.place.httpMethod] = method
            return method
        }
    }
}

/// Names a method of a resource of an API.
struct MethodPlace: Sendable {
    let restApiId: String
    let resourceId: String
    let httpMethod: String

    static let verbs: Set<String> = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY"]

    init(_ member: Members) throws {
        restApiId = try member("restApiId")
        resourceId = try member("resourceId")
        httpMethod = try member("httpMethod")
    }

    func arn(in call: Call) -> ARN {
        RestAPI.arn("/restapis/\(restApiId)/resources/\(resourceId)/methods/\(httpMethod)", in: call)
    }
}

extension APIStore {
    /// Changes a resource's methods in one transaction.
    func change<T: Sendable>(
        _ place: MethodPlace, in call: Call,
        _ body: @escaping @Sendable (inout Resource, RestAPI, Transaction) throws -> T
    ) async throws -> T {
        try await write { transaction in
            let api = try transaction.api(place.restApiId, in: call)
            var resource = try transaction.resource(place.resourceId, of: api)
            let result = try body(&resource, api, transaction)
            try transaction.put(resource)
            return result
        }
    }

    /// Changes one method that exists.
    func changeMethod<T: Sendable>(
        _ place: MethodPlace, in call: Call, _ body: @escaping @Sendable (inout Method) throws -> T
    ) async throws -> T {
        try await change(place, in: call) { resource, _, _ in
            guard var method = resource.methods[place.httpMethod] else { throw ServiceError.invalidMethod }
            let result = try body(&method)
            resource.methods[place.httpMethod] = method
            return result
        }
    }

    func method(_ place: MethodPlace, in call: Call) async throws -> Method {
        try await read { snapshot in
            let resource = try snapshot.resource(
                place.resourceId, of: try snapshot.api(place.restApiId, in: call))
            guard let method = resource.methods[place.httpMethod] else { throw ServiceError.invalidMethod }
            return method
        }
    }
}
