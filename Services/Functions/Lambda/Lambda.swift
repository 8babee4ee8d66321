import RuntimeAPI
import Sandbox
import ServiceKit

/// AWS Lambda: functions, their versions and permissions, and everything that runs them.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/welcome.html)
public struct Lambda: Sendable {
    let store: LambdaStore
    let packages: PackageStore
    let layerLibrary: LayerLibrary
    let runtimes: RuntimeCatalog
    let fleet: Fleet
    let events: EventQueue
    let credentials: any RoleCredentialsSource
    let client: ServiceClient

    /// AWS's errors of this service: REST-JSON, validation under a name of its own.
    private static let errors = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 403, validation: "ValidationException")

    var services: [AWSService] {
        [
            AWSService(
                "lambda", errors: Self.errors, ownEnumerations: ["Runtime"],
                operations: functions + aliases + policies + limits + sources + layers + urls),
            AWSService(
                "function-url", actionPrefix: "lambda", errors: Self.errors,
                operations: [InvokeFunctionUrl(store: store, fleet: fleet)]),
        ]
    }

    private var functions: [any AWSOperation] {
        [
            CreateFunction(
                store: store, packages: packages, runtimes: runtimes, credentials: credentials, client: client,
                layers: layerLibrary),
            UpdateFunctionCode(store: store, packages: packages, runtimes: runtimes, fleet: fleet, client: client),
            UpdateFunctionConfiguration(
                store: store, runtimes: runtimes, credentials: credentials, fleet: fleet, layers: layerLibrary),
            GetFunction(store: store),
            GetFunctionConfiguration(store: store),
            GetFunctionCodeSigningConfig(store: store),
            ListFunctions(store: store),
            DeleteFunction(store: store, fleet: fleet),
            Invoke(store: store, fleet: fleet, events: events),
            TagResource(store: store),
            UntagResource(store: store),
            ListTags(store: store),
        ]
    }

    private var aliases: [any AWSOperation] {
        [
            PublishVersion(store: store),
            ListVersionsByFunction(store: store),
            CreateAlias(store: store),
            UpdateAlias(store: store),
            GetAlias(store: store),
            ListAliases(store: store),
            DeleteAlias(store: store),
        ]
    }

    private var policies: [any AWSOperation] {
        [AddPermission(store: store), GetPolicy(store: store), RemovePermission(store: store)]
    }

    private var sources: [any AWSOperation] {
        [
            CreateEventSourceMapping(store: store, client: client),
            GetEventSourceMapping(store: store),
            UpdateEventSourceMapping(store: store),
            DeleteEventSourceMapping(store: store),
            ListEventSourceMappings(store: store),
            PutFunctionEventInvokeConfig(store: store),
            UpdateFunctionEventInvokeConfig(store: store),
            GetFunctionEventInvokeConfig(store: store),
            DeleteFunctionEventInvokeConfig(store: store),
        ]
    }

    private var layers: [any AWSOperation] {
        [
            PublishLayerVersion(store: store, packages: packages, client: client),
            GetLayerVersion(store: store),
            GetLayerVersionByArn(store: store),
            ListLayers(store: store),
            ListLayerVersions(store: store),
            DeleteLayerVersion(store: store),
        ]
    }

    private var urls: [any AWSOperation] {
        [
            CreateFunctionUrlConfig(store: store),
            GetFunctionUrlConfig(store: store),
            UpdateFunctionUrlConfig(store: store),
            DeleteFunctionUrlConfig(store: store),
            ListFunctionUrlConfigs(store: store),
        ]
    }

    private var limits: [any AWSOperation] {
        [
            PutFunctionConcurrency(store: store, fleet: fleet),
            GetFunctionConcurrency(store: store),
            DeleteFunctionConcurrency(store: store, fleet: fleet),
        ]
    }
}
