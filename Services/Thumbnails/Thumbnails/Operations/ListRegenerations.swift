import ServiceKit

/// Tells how far buckets have come whose images are derived anew, and which images wait to be tried again.
struct ListRegenerations: AWSOperation {
    private static let listed = 100

    struct Input: InputShape {
        init(_ member: Members) {}
    }

    struct Output: OutputShape {
        let regenerations: [Regeneration]
        let waiting: [WaitingImage]
        let waitingCount: Int

        func write(to json: inout JSONWriter) {
            json.member("Regenerations", regenerations)
            json.member("Waiting", waiting)
            json.member("WaitingCount", waitingCount)
        }
    }

    let database: Database

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await database.read { snapshot in
            Output(
                regenerations: try snapshot.regenerations(), waiting: try snapshot.waitingImages(limit: Self.listed),
                waitingCount: try snapshot.countOfWaitingImages())
        }
    }
}
