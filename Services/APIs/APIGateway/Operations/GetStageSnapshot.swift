import ServiceKit

/// What a gateway needs to serve a stage: the deployment's snapshot and the stage's settings.
struct GetStageSnapshot: AWSOperation {
    struct Input: InputShape {
        let apiID: String
        let stageName: String

        init(_ member: Members) throws {
            apiID = try member("ApiId")
            stageName = try member("StageName")
        }
    }

    struct Output: OutputShape {
        let snapshot: [UInt8]
        let stage: Stage

        func write(to json: inout JSONWriter) {
            json.member("Snapshot") { $0.raw(snapshot) }
            json.member("Stage", stage)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            guard let stage = try snapshot.stage(input.stageName, of: input.apiID),
                let definition = try snapshot.snapshot(of: stage)
            else { throw ServiceError.invalidStage }
            return Output(snapshot: definition, stage: stage)
        }
    }
}
