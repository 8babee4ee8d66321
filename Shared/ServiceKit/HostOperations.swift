/// Answers as soon as the owner serves.
struct Health: AWSOperation {
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("status", "ok") }
    }

    func permissions(for input: NoInput, in call: Call) -> [Permission] { [] }
    func perform(_ input: NoInput, in call: Call) -> Output { Output() }
}

/// The process's counters, for the gateway's `/metrics`.
struct ReadMetrics: AWSOperation {
    struct Output: OutputShape {
        let exposition: String
        func write(to json: inout JSONWriter) { json.member("exposition", exposition) }
    }

    let metrics: Metrics

    func permissions(for input: NoInput, in call: Call) -> [Permission] { [] }
    func perform(_ input: NoInput, in call: Call) -> Output { Output(exposition: metrics.exposition()) }
}
