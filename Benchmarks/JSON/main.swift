// json-bench [seconds]: our parser and writer beside Foundation's, on one DynamoDB item of about 900 bytes.
//
// CPU is this thread's, so that a busy machine changes little. Both sides are checked to read and write the same item.

import Foundation
import JSON

let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 1
let item = Item.sample
let text = item.written
let data = Data(text)
let decoder = JSONDecoder()
let encoder = JSONEncoder()
let foundationObject = try JSONSerialization.jsonObject(with: data)

guard try Item(json: JSONDocument(text).root) == item, try decoder.decode(Item.self, from: data) == item,
    try decoder.decode(Item.self, from: encoder.encode(item)) == item
else { fatalError("the two sides do not agree on the item") }

print("an item of \(text.count) bytes, CPU µs each")
try measure("parse: ours, to the tape") { try JSONDocument(text).root.kind == .object }
try measure("parse: ours, every value read") { try Item(json: JSONDocument(text).root).title.isEmpty == false }
try measure("parse: JSONSerialization") { try JSONSerialization.jsonObject(with: data) is [String: Any] }
try measure("parse: JSONDecoder") { try decoder.decode(Item.self, from: data).title.isEmpty == false }
measure("write: ours") { item.written.isEmpty == false }
try measure("write: JSONSerialization") {
    try JSONSerialization.data(withJSONObject: foundationObject).isEmpty == false
}
try measure("write: JSONEncoder") { try encoder.encode(item).isEmpty == false }

/// The best of five rounds: the others were disturbed more.
func measure(_ name: String, _ body: () throws -> Bool) rethrows {
    var best = Double.infinity
    for _ in 0..<5 {
        let start = threadSeconds()
        var count = 0
        while threadSeconds() - start < seconds / 5 {
            for _ in 0..<50 where try !body() { fatalError("\(name) failed") }
            count += 50
        }
        best = min(best, (threadSeconds() - start) / Double(count) * 1e6)
    }
    let tenths = Int((best * 100).rounded())
    print("\(name): \(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100)")
}

func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
