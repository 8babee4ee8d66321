import ServiceKit

/// A stage as its gateway serves it: an immutable deployment and the stage's own settings.
struct StageDefinition: Sendable {
    let apiID: String
    let account: String
    let region: String
    let name: String
    let binaryMediaTypes: [String]
    let variables: [String: String]
    let isCached: Bool
    /// Whether the API key of a request is what its Lambda authorizer says.
    let takesKeyFromAuthorizer: Bool
    let authorizers: [String: AuthorizerDefinition]
    let routes: RouteTable
    /// Changes with every change of the stage: what was cached under another is never found again.
    let version: String
    private let methodSettings: [String: MethodSettings]

    init(json value: JSONValue) throws {
        let member = try Members(value)
        let snapshot: Snapshot = try member("Snapshot")
        let stage: Stage = try member("Stage")
        apiID = snapshot.api.id
        account = snapshot.account
        region = snapshot.region
        name = stage.name
        binaryMediaTypes = snapshot.api.binaryMediaTypes
        variables = stage.variables
        isCached = stage.isCached
        takesKeyFromAuthorizer = snapshot.api.keySource == "AUTHORIZER"
        authorizers = Dictionary(snapshot.authorizers.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        routes = RouteTable(snapshot.resources)
        version = "\(stage.deploymentID) \(stage.updated.milliseconds)"
        methodSettings = stage.settings
    }

    /// The settings of a method: its own, those of its method everywhere, or those of all.
    func settings(for path: String, method: String) -> MethodSettings {
        let resource = path.drop { $0 == "/" }
        for key in ["\(resource)/\(method)", "*/\(method)", "\(resource)/*", "*/*"] {
            if var settings = methodSettings[key] {
                settings.key = key
                return settings
            }
        }
        return MethodSettings()
    }

    private struct Snapshot: InputShape {
        struct API: InputShape {
            let id: String
            let binaryMediaTypes: [String]
            let keySource: String?
            init(_ member: Members) throws {
                id = try member("id")
                binaryMediaTypes = try member("binaryMediaTypes") ?? []
                keySource = try member("apiKeySource")
            }
        }

        let api: API
        let account: String
        let region: String
        let resources: [ResourceDefinition]
        let authorizers: [AuthorizerDefinition]

        init(_ member: Members) throws {
            api = try member("api")
            account = try member("account")
            region = try member("region")
            resources = try member("resources")
            authorizers = try member("authorizers")
        }
    }

    private struct Stage: InputShape {
        let name: String
        let deploymentID: String
        let variables: [String: String]
        let isCached: Bool
        let updated: Timestamp
        let settings: [String: MethodSettings]

        init(_ member: Members) throws {
            name = try member("stageName")
            deploymentID = try member("deploymentId")
            variables = try member("variables") ?? [:]
            isCached = try member("cacheClusterEnabled") ?? false
            updated = try member("lastUpdatedDate")
            settings = try member("methodSettings") ?? [:]
        }
    }
}

/// Throttling and caching of one method; AWS's account limits where a stage says nothing.
struct MethodSettings: InputShape {
    var key = "*/*"
    let rate: Double
    let burst: Double
    let isCached: Bool
    let cacheTime: Duration

    init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = burst
        isCached = false
        cacheTime = .zero
    }

    init() {
        rate = 10_000
        burst = 5000
        isCached = true
        cacheTime = .seconds(300)
    }

    init(_ member: Members) throws {
        rate = try member("throttlingRateLimit") ?? 10_000
        burst = try member("throttlingBurstLimit") ?? 5000
        isCached = try member("cachingEnabled") ?? false
        cacheTime = .seconds(try member("cacheTtlInSeconds") ?? 300)
    }
}

struct ResourceDefinition: InputShape {
    let id: String
    let path: String
    let methods: [String: MethodDefinition]

    init(_ member: Members) throws {
        id = try member("id")
        path = try member("path")
        methods = try member("resourceMethods") ?? [:]
    }
}

struct MethodDefinition: InputShape {
    let httpMethod: String
    let authorizationType: String
    let authorizerID: String?
    let authorizationScopes: [String]
    let isKeyRequired: Bool
    let integration: IntegrationDefinition

    init(_ member: Members) throws {
        httpMethod = try member("httpMethod")
        authorizationType = try member("authorizationType")
        authorizerID = try member("authorizerId")
        authorizationScopes = try member("authorizationScopes") ?? []
        isKeyRequired = try member("apiKeyRequired") ?? false
        integration = try member("methodIntegration")
    }
}

struct IntegrationDefinition: InputShape {
    struct Response: InputShape {
        let statusCode: String
        let selectionPattern: String?
        let parameters: [String: String]
        let templates: [String: String]

        init(_ member: Members) throws {
            statusCode = try member("statusCode")
            selectionPattern = try member("selectionPattern")
            parameters = try member("responseParameters") ?? [:]
            templates = try member("responseTemplates") ?? [:]
        }
    }

    let type: String
    let uri: String
    let httpMethod: String?
    let timeOut: Duration
    let cacheKeyParameters: [String]
    let requestTemplates: [String: String]
    let requestParameters: [String: String]
    let responses: [String: Response]

    init(_ member: Members) throws {
        type = try member("type")
        uri = try member("uri") ?? ""
        httpMethod = try member("httpMethod")
        timeOut = .milliseconds(try member("timeoutInMillis") ?? 29_000)
        cacheKeyParameters = try member("cacheKeyParameters") ?? []
        requestTemplates = try member("requestTemplates") ?? [:]
        requestParameters = try member("requestParameters") ?? [:]
        responses = try member("integrationResponses") ?? [:]
    }
}

struct AuthorizerDefinition: InputShape {
    let id: String
    let type: String
    let providerARNs: [String]
    /// `method.request.header.Authorization`
    let identitySource: String
    let uri: String
    let validationExpression: String?
    /// How long what a function said is remembered.
    let cacheTime: Duration

    var identitySources: [String] {
        identitySource.split(separator: ",").map { $0.filter { $0 != " " } }
    }

    init(_ member: Members) throws {
        id = try member("id")
        type = try member("type")
        providerARNs = try member("providerARNs") ?? []
        let source: String? = try member("identitySource")
        identitySource = source ?? (type == "REQUEST" ? "" : "method.request.header.Authorization")
        uri = try member("authorizerUri") ?? ""
        let expression: String? = try member("identityValidationExpression")
        validationExpression = type == "TOKEN" && expression != "" ? expression : nil
        cacheTime = .seconds(try member("authorizerResultTtlInSeconds") ?? 300)
    }
}
