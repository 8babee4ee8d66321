import ServiceKit

/// Amazon API Gateway, REST APIs: definitions, deployments as snapshots, and stages.
///
/// The gateway executable serves the deployed APIs; it reads their snapshots here.
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html)
public enum APIGateway {
    public static func services(on host: ServiceHost) throws -> [AWSService] {
        let store = APIStore(
            database: try host.database("apigateway.sqlite", migrations: Schema.migrations),
            masterKey: try MasterKey(in: host.configuration.dataDirectory),
            changed: { [publisher = host.publisher] api in publisher.publish("apis/\(api)") })
        return [
            AWSService(
                "apigateway", errors: .apiGateway, operations: definitions(store) + deployments(store) + keys(store)),
            .internal(
                "apus.apis",
                operations: [GetStageSnapshot(store: store), ResolveApiKey(store: store), CountUsage(store: store)]),
            AWSService("execute-api", errors: .apiGateway, operations: [Invoke()]),
        ]
    }

    private static func definitions(_ store: APIStore) -> [any AWSOperation] {
        [
            CreateRestApi(store: store), GetRestApi(store: store), GetRestApis(store: store),
            UpdateRestApi(store: store), DeleteRestApi(store: store),
            CreateResource(store: store), GetResource(store: store), GetResources(store: store),
            DeleteResource(store: store),
            PutMethod(store: store), GetMethod(store: store), DeleteMethod(store: store),
            PutMethodResponse(store: store), PutIntegration(store: store), GetIntegration(store: store),
            DeleteIntegration(store: store), PutIntegrationResponse(store: store),
            CreateAuthorizer(store: store), GetAuthorizer(store: store), GetAuthorizers(store: store),
            DeleteAuthorizer(store: store),
        ]
    }

    private static func keys(_ store: APIStore) -> [any AWSOperation] {
        [
            CreateApiKey(store: store), GetApiKey(store: store), GetApiKeys(store: store), UpdateApiKey(store: store),
            DeleteApiKey(store: store),
            CreateUsagePlan(store: store), GetUsagePlan(store: store), GetUsagePlans(store: store),
            UpdateUsagePlan(store: store), DeleteUsagePlan(store: store), GetUsage(store: store),
            CreateUsagePlanKey(store: store), GetUsagePlanKey(store: store), GetUsagePlanKeys(store: store),
            DeleteUsagePlanKey(store: store),
        ]
    }

    private static func deployments(_ store: APIStore) -> [any AWSOperation] {
        [
            CreateDeployment(store: store), GetDeployment(store: store), GetDeployments(store: store),
            DeleteDeployment(store: store),
            CreateStage(store: store), GetStage(store: store), GetStages(store: store), UpdateStage(store: store),
            DeleteStage(store: store), FlushStageCache(store: store),
        ]
    }
}

extension AWSService.ErrorForms {
    static let apiGateway = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 403, validation: "BadRequestException")
}
