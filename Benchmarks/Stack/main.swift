import CSystem
import Glibc

// stack-bench: the load `make bench` puts on Apus, ministack and nginx alike. Prints one JSON object.

do {
    let measurement = try await measure(Options(arguments: CommandLine.arguments))
    print(String(decoding: measurement.json, as: UTF8.self))
} catch {
    let text = "stack-bench: \(error)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(2)
}

func measure(_ options: Options) async throws -> Measurement {
    switch options.workload {
    case "upload": try await Transfer(options).upload()
    case "download": try await Transfer(options).download()
    case "first-answer": try await FirstAnswer(options).wait(since: options.number("since", default: 0))
    default: try repeated(options)
    }
}

/// Small requests: for `seconds`, or with `once=1` each of them once.
func repeated(_ options: Options) throws -> Measurement {
    // A client that pushes the measured server aside for every answer measures its own changes of threads.
    apus_wake_without_preempting()
    let requests = try prepared(options)
    let load = try Load(options)
    guard try options.number("once", default: 0) == 0 else { return try load.runOnce(requests) }
    return try load.run(requests, seconds: options.number("seconds", default: 5))
}

func prepared(_ options: Options) throws -> [PreparedRequest] {
    let count = try options.number("count", default: 2000)
    let name = try options.text("name")
    let database = try SignedRequests("dynamodb", options)
    let objects = try SignedRequests("s3", options)
    let functions = try SignedRequests("lambda", options)
    return try (0..<count).map { number in
        switch options.workload {
        case "get-item": database.getItem(number, table: name)
        case "get-spread-item":
            try database.getItem(of: options.number("items", default: 10_000), number, table: name)
        case "put-item": database.putItem(number, table: name)
        case "query": database.query(number, table: name)
        case "batch-write": database.batchWriteItem(number, table: name)
        case "transact-write": database.transactWriteItems(number, table: name)
        case "get-object": objects.getObject(number, bucket: name)
        case "put-object": objects.putObject(number, bucket: name)
        case "list-objects": objects.listObjects(bucket: name)
        case "get-large": objects.get("\(name)-\(number)")
        case "put-large":
            try objects.put("\(name)-\(number)", bytes: options.number("bytes", default: 10_000_000), seed: number)
        case "invoke": functions.invoke(name, payload: #"{"number":\#(number)}"#)
        case "invoke-each": functions.invoke("\(name)-\(number)", payload: #"{"number":\#(number)}"#)
        default: throw UsageError("no workload \(options.workload)")
        }
    }
}
