import ServiceKit
import Testing

@testable import CloudFormation

/// The process ends before or behind each step of the work, one after the other; whoever comes next ends where it would
/// have ended.
@Suite struct EngineCrashTests {
    private static let before = Workbench.template([
        "A": "Properties: {Name: a, Value: '1'}", "B": "Properties: {Name: b, Value: !Sub '${A.Value}2'}",
        "C": "Properties: {Value: '3'}",
    ])
    private static let after = Workbench.template([
        "A": "Properties: {Name: a, Value: '7'}", "B": "Properties: {Name: b, Value: !Sub '${A.Value}2'}",
        "D": "DependsOn: B, Properties: {Value: '4'}", "E": "DependsOn: D, Properties: {Name: e, Value: '5'}",
    ])
    private static let steps = 0..<24

    @Test func creations() async throws {
        for step in Self.steps {
            try await Workbench.with { bench in
                bench.world.crash(after: step)
                let stack = try await bench.create(Self.before)
                #expect(stack.status == .createComplete, "step \(step)")
                #expect(bench.world.things.values.map(\.value).sorted() == ["1", "12", "3"], "step \(step)")
            }
        }
    }

    @Test func creationsThatFail() async throws {
        for step in Self.steps {
            try await Workbench.with { bench in
                bench.world.put("b", "mine")
                bench.world.crash(after: step)
                let stack = try await bench.create(Self.before)
                #expect(stack.status == .rollbackComplete, "step \(step)")
                #expect(bench.world.things.mapValues(\.value) == ["b": "mine"], "step \(step)")
            }
        }
    }

    @Test(arguments: [true, false]) func updates(succeed: Bool) async throws {
        for step in Self.steps {
            try await Workbench.with { bench in
                let stack = try await bench.create(Self.before)
                if !succeed { bench.world.refuse("create E") }
                bench.world.crash(after: step)
                let updated = try await bench.update(stack, Self.after)
                let values = bench.world.things.values.map(\.value).sorted()
                if succeed {
                    #expect(updated.status == .updateComplete, "step \(step)")
                    #expect(values == ["4", "5", "7", "72"], "step \(step)")
                } else {
                    #expect(updated.status == .updateRollbackComplete, "step \(step)")
                    #expect(values == ["1", "12", "3"], "step \(step)")
                }
                bench.world.crash(after: nil)
                let gone = try await bench.delete(updated)
                #expect(gone.status == .deleteComplete, "step \(step)")
                #expect(bench.world.things.isEmpty, "step \(step)")
            }
        }
    }

    @Test func deletions() async throws {
        for step in Self.steps {
            try await Workbench.with { bench in
                let stack = try await bench.create(Self.before)
                bench.world.crash(after: step)
                let gone = try await bench.delete(stack)
                #expect(gone.status == .deleteComplete, "step \(step)")
                #expect(bench.world.things.isEmpty, "step \(step)")
            }
        }
    }
}
