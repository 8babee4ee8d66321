import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Lambda

@Suite("Invocations", .needsNamespaces, .timeLimit(.minutes(3)))
struct InvocationTests {
    @Test("A Python function is created, invoked, and invoked again in the same environment")
    func invokesPython() async throws {
        try await LambdaFixture.with { fixture in
            let source = """
                import os
                count = 0
                def handler(event, context):
                    global count
                    count += 1
                    print('hello', event['name'])
                    return {'count': count, 'name': context.function_name, 'arn': context.invoked_function_arn,
                            'memory': os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'], 'own': os.environ['OWN'],
                            'endpoint': os.environ['AWS_ENDPOINT_URL'], 'key': os.environ['AWS_ACCESS_KEY_ID']}
                """
            try await fixture.create("greet", python: source, ["Environment": ["Variables": ["OWN": "mine"]]])
            let first = try await fixture.invoke("greet", #"{"name":"ann"}"#)
            #expect(first.functionError == nil)
            #expect(
                first.payload == """
                    {"count": 1, "name": "greet", "arn": "arn:aws:lambda:us-east-1:000000000000:function:greet", \
                    "memory": "128", "own": "mine", "endpoint": "http://127.0.0.1:4566", "key": "ASIAFUNCTION"}
                    """)
            let lines = first.log.split(separator: "\n")
            #expect(lines.first?.hasPrefix("START RequestId: ") == true)
            #expect(lines.first?.hasSuffix(" Version: $LATEST") == true)
            #expect(lines[1] == "hello ann")
            #expect(lines[2].hasPrefix("END RequestId: "))
            #expect(lines[3].contains("\tMemory Size: 128 MB\t") && lines[3].contains("\tInit Duration: "))
            let second = try await fixture.invoke("greet", #"{"name":"bob"}"#)
            #expect(second.payload.hasPrefix(#"{"count": 2"#))
            #expect(!second.log.contains("Init Duration"))
        }
    }

    @Test("A Node.js function is invoked, by CommonJS, by modules and by callback")
    func invokesNode() async throws {
        try await LambdaFixture.with { fixture in
            let node: [String: Any] = ["Runtime": "nodejs20.x", "Handler": "index.handler", "Timeout": 20]
            let common =
                "exports.handler = async (event) => { console.log('two\\nlines'); return { got: event.n + 1 } }"
            try await fixture.create("common", files: ["index.js": common], node)
            let first = try await fixture.invoke("common", #"{"n":1}"#)
            #expect(first.payload == #"{"got":2}"#)
            #expect(first.log.contains("\tINFO\ttwo\nlines\n"))
            let module = "export const handler = (event, context, callback) => callback(null, context.functionName)"
            try await fixture.create("module", files: ["index.mjs": module], node)
            #expect(try await fixture.invoke("module").payload == #""module""#)
            try await fixture.create(
                "thrower", files: ["index.js": "exports.handler = async () => { throw new TypeError('no') }"], node)
            let failed = try await fixture.invoke("thrower")
            #expect(failed.functionError == "Unhandled")
            #expect(failed.payload.hasPrefix(#"{"errorType":"TypeError","errorMessage":"no","trace":["TypeError: no""#))
        }
    }

    @Test("A function that raises answers with its error")
    func raises() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("raise", python: "def handler(event, context):\n    raise ValueError('bad')\n")
            let result = try await fixture.invoke("raise")
            #expect(result.functionError == "Unhandled")
            #expect(result.payload.hasPrefix(#"{"errorMessage": "bad", "errorType": "ValueError", "requestId": "#))
            #expect(result.log.contains("[ERROR] ValueError: bad\nTraceback"))
        }
    }

    @Test("A handler that cannot be imported answers with the import's error")
    func failsToImport() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("broken", python: "import nothing_of_the_kind\n")
            let result = try await fixture.invoke("broken")
            #expect(result.functionError == "Unhandled")
            let expected =
                #"{"errorMessage": "Unable to import module 'app': No module named 'nothing_of_the_kind'", "errorType": "Runtime.ImportModuleError""#
            #expect(result.payload.hasPrefix(expected))
        }
    }

    @Test("A function is ended at its time-out, in AWS's words, and starts afresh")
    func timesOut() async throws {
        try await LambdaFixture.with { fixture in
            let source = """
                import time
                def handler(event, context):
                    if event.get('sleep'): time.sleep(1000)
                    return 'awake'
                """
            try await fixture.create("sleepy", python: source)
            #expect(try await fixture.invoke("sleepy").payload == #""awake""#)
            let sleeping = Task { try await fixture.invoke("sleepy", #"{"sleep":true}"#) }
            // Others sleep by this clock, too, so that nothing tells when the invocation's timer is there: it is the one
            // that a later step of three seconds ends, if not the first.
            let stepping = Task {
                while !Task.isCancelled {
                    fixture.host.clock.advance(by: .seconds(3))
                    try await Task.sleep(for: .seconds(5))
                }
            }
            let result = try await sleeping.value
            stepping.cancel()
            #expect(result.functionError == "Unhandled")
            #expect(result.payload.contains(#""errorType":"Sandbox.Timedout""#))
            #expect(result.payload.contains("Error: Task timed out after 3.00 seconds"))
            #expect(result.log.contains(" Task timed out after 3.00 seconds"))
            #expect(result.log.contains("\tDuration: 3000.00 ms\t"))
            #expect(try await fixture.invoke("sleepy").payload == #""awake""#)
        }
    }

    @Test("A function that exits, or outgrows its memory, is reported as AWS does")
    func exits() async throws {
        try await LambdaFixture.with { fixture in
            let source = """
                import os
                def handler(event, context):
                    if 'code' in event: os._exit(event['code'])
                    return len(bytearray(event['size'] << 20))
                """
            try await fixture.create("exit", python: source)
            let exited = try await fixture.invoke("exit", #"{"code":7}"#)
            #expect(exited.payload.contains(#""errorType":"Runtime.ExitError""#))
            #expect(exited.payload.contains("Error: Runtime exited with error: exit status 7"))
            let silent = try await fixture.invoke("exit", #"{"code":0}"#)
            #expect(silent.payload.contains("Error: Runtime exited without providing a reason"))
            let outgrown = try await fixture.invoke("exit", #"{"size":600}"#)
            #expect(outgrown.functionError == "Unhandled")
            if fixture.lambda.packages.sandbox.configuration.controlGroups.limitsMemory {
                #expect(outgrown.payload.contains("Error: Runtime exited with error: signal: killed"))
                #expect(outgrown.log.contains("Error Type: Runtime.OutOfMemory"))
            }
        }
    }

    @Test("Sixty-four cold invocations at once all answer")
    func manyColdStarts() async throws {
        try await LambdaFixture.with { fixture in
            let source = "import time\ndef handler(event, context):\n    time.sleep(0.2)\n    return event['n']\n"
            try await fixture.create("many", python: source)
            let answers = try await withThrowingTaskGroup { group in
                for n in 0..<64 { group.addTask { try await fixture.invoke("many", #"{"n":\#(n)}"#).payload } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(answers == Set((0..<64).map(String.init)))
        }
    }

    @Test("Reserved concurrency limits a function; zero stops it")
    func throttles() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("limited", python: "def handler(event, context): pass\n")
            try await fixture.call(
                "PutFunctionConcurrency", ["FunctionName": "limited", "ReservedConcurrentExecutions": 0])
            let error = try await fixture.error("Invoke", ["FunctionName": "limited"])
            #expect(error?.code == "TooManyRequestsException" && error?.status == 429)
            try await fixture.call("DeleteFunctionConcurrency", ["FunctionName": "limited"])
            #expect(try await fixture.invoke("limited").payload == "null")
        }
    }

    @Test("New code and new settings are what the next invocation runs; published versions stay as they were")
    func versions() async throws {
        try await LambdaFixture.with { fixture in
            let source = { (n: Int) in "import os\ndef handler(event, context): return [\(n), os.environ.get('MODE')]\n"
            }
            try await fixture.create("f", python: source(1), ["Publish": true])
            #expect(try await fixture.invoke("f").payload == "[1, null]")
            let zip = ZipFile(["app.py": source(2)]).base64
            try await fixture.call("UpdateFunctionCode", ["FunctionName": "f", "ZipFile": zip])
            #expect(try await fixture.invoke("f").payload == "[2, null]")
            let variables = ["Variables": ["MODE": "x"]]
            try await fixture.call("UpdateFunctionConfiguration", ["FunctionName": "f", "Environment": variables])
            #expect(try await fixture.invoke("f").payload == #"[2, "x"]"#)
            let published = try await fixture.call("PublishVersion", ["FunctionName": "f"])
            #expect(published["Version"]?.string == "2")
            try await fixture.call("CreateAlias", ["FunctionName": "f", "Name": "live", "FunctionVersion": "1"])
            let old = try await fixture.invoke("f", "{}", ["Qualifier": "live"])
            #expect(old.payload == "[1, null]" && old.version == "1")
            #expect(try await fixture.invoke("f:2").payload == #"[2, "x"]"#)
        }
    }

    @Test("An event is answered at once, run later, and tried again when it fails")
    func events() async throws {
        try await LambdaFixture.with { fixture in
            // Fails while the file in its code's place says so: each attempt is a new environment only after a failure.
            let source = """
                import os
                def handler(event, context):
                    os._exit(1)
                """
            try await fixture.create("unlucky", python: source)
            let output = try await fixture.call("Invoke", ["FunctionName": "unlucky", "InvocationType": "Event"])
            #expect(output["StatusCode"]?.int64 == 202)
            let worker = Task { try await fixture.lambda.events.run() }
            defer { worker.cancel() }
            let store = fixture.lambda.store
            let attempts = { try await store.read { try $0.value("SELECT attempts FROM event", as: Int.self) } }
            try await fixture.host.until { try await attempts() == 1 }
            for (wait, expected) in [(60, 2), (120, nil)] {
                try await fixture.host.until { fixture.host.clock.sleeperCount > 0 }
                fixture.host.clock.advance(by: .seconds(wait))
                try await fixture.host.until { try await attempts() == expected }
            }
        }
    }

    @Test("An accepted event survives the end of the process")
    func eventsAreDurable() async throws {
        try await TemporaryFolder.with { folder in
            try await LambdaFixture.with(folder: folder) { fixture in
                try await fixture.create("later", python: "def handler(event, context): pass\n")
                try await fixture.call("Invoke", ["FunctionName": "later", "InvocationType": "Event"])
            }
            try await LambdaFixture.with(folder: folder) { fixture in
                let store = fixture.lambda.store
                #expect(try await store.read { try $0.value("SELECT COUNT(*) FROM event", as: Int.self) } == 1)
                let worker = Task { try await fixture.lambda.events.run() }
                defer { worker.cancel() }
                try await fixture.host.until {
                    try await store.read { try $0.value("SELECT COUNT(*) FROM event", as: Int.self) } == 0
                }
            }
        }
    }
}
