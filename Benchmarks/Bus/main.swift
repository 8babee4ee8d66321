// Measures the bus between two processes: `swift run -c release bus-bench`.
//
//     bus-bench                     every workload over ipc, tcp, and tcp with CURVE
//     bus-bench stream BYTES        one stream each way, with the peak memory of both processes
//     bus-bench serve ADDRESS SECRET-KEY PEER-KEY     the other process; `-` for no keys
import Bus

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "serve" where arguments.count == 4: try await serve(arguments[1], secretKey: arguments[2], peerKey: arguments[3])
case "stream" where arguments.count == 2: try await measureStreams(bytes: Int(arguments[1]) ?? 1 << 30)
default: try await measureCalls()
}
