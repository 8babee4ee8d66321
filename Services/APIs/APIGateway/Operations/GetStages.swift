import ServiceKit

/// Lists an API's stages.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html)
struct GetStages: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let deploymentId: String?

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            deploymentId = try member("deploymentId")
        }
    }

    struct Output: OutputShape {
        let stages: [Stage]
        func write(to json: inout JSONWriter) { json.member("item", stages) }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis/\(input.restApiId)/stages", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let stages = try await store.read { try $0.stages(of: try $0.api(input.restApiId, in: call)) }
        return Output(stages: stages.filter { input.deploymentId == nil || $0.deploymentID == input.deploymentId })
    }
}
