import ServiceKit
import Testing

@testable import CloudFormation

@Suite struct EngineTests {
    private static let three = Workbench.template([
        "A": "Properties: {Name: a, Value: '1'}",
        "B": "Properties: {Name: b, Value: !Sub '${A.Value}2'}",
        "C": "DependsOn: B, Properties: {Name: c, Value: '3'}",
    ])

    @Test func resourcesAreMadeInTheOrderOfWhatTheyNeed() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(
                Self.three + "Outputs:\n  Sum: {Value: !GetAtt B.Value, Export: {Name: shop-sum}}\n")
            #expect(stack.status == .createComplete)
            #expect(bench.world.log.filter { $0.hasPrefix("create") } == ["create A", "create B", "create C"])
            #expect(bench.world.things["b"]?.value == "12")
            #expect(stack.outputs.map(\.value) == ["12"])
            let exports = try await bench.store.read { try $0.exports(at: stack.place) }
            #expect(exports.map(\.name) == ["shop-sum"])
            let gone = try await bench.delete(stack)
            #expect(gone.status == .deleteComplete)
            #expect(bench.world.things.isEmpty)
            #expect(bench.world.log.suffix(3) == ["delete C", "delete B", "delete A"])
            let left = try await bench.store.read { try $0.exports(at: stack.place) }
            #expect(left.isEmpty)
        }
    }

    @Test func whatFailsIsTakenBack() async throws {
        try await Workbench.with { bench in
            bench.world.refuse("create C")
            let stack = try await bench.create(Self.three)
            #expect(stack.status == .rollbackComplete)
            #expect(bench.world.things.isEmpty)
            let reasons = try await bench.events(stack).compactMap(\.reason)
            #expect(
                reasons.contains("The following resource(s) failed to create: [C]. Rollback requested by user."))
            #expect(reasons.contains { $0.contains("create: no.") && $0.contains("HandlerErrorCode: InvalidRequest") })
        }
    }

    @Test func aCreationThatFailsCanBeLeftAsItIs() async throws {
        try await Workbench.with { bench in
            bench.world.refuse("create C")
            let stack = try await bench.create(Self.three, onFailure: .nothing)
            #expect(stack.status == .createFailed)
            #expect(bench.world.things.keys.sorted() == ["a", "b"])
            bench.world.refuse()
            let mended = try await bench.update(stack, Self.three)
            #expect(mended.status == .updateComplete)
            #expect(bench.world.things.keys.sorted() == ["a", "b", "c"])
        }
    }

    @Test func whatWasThereBeforeIsNeitherTakenNorDeleted() async throws {
        try await Workbench.with { bench in
            bench.world.put("b", "mine")
            let stack = try await bench.create(Self.three)
            #expect(stack.status == .rollbackComplete)
            #expect(bench.world.things == ["b": World.Thing(value: "mine")])
            let reasons = try await bench.events(stack).compactMap(\.reason)
            #expect(reasons.contains { $0.hasSuffix("with identifier 'b' already exists.") })
        }
    }

    @Test func anUpdateChangesAddsAndRemoves() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(Self.three)
            let updated = try await bench.update(
                stack,
                Workbench.template([
                    "A": "Properties: {Name: a, Value: '7'}", "B": "Properties: {Name: b, Value: !Sub '${A.Value}2'}",
                    "D": "Properties: {Name: d, Value: '4'}",
                ]))
            #expect(updated.status == .updateComplete)
            #expect(bench.world.things.mapValues(\.value) == ["a": "7", "b": "72", "d": "4"])
            let statuses = try await bench.statuses(updated)
            #expect(statuses == ["A": "UPDATE_COMPLETE", "B": "UPDATE_COMPLETE", "D": "CREATE_COMPLETE"])
        }
    }

    @Test func anUpdateThatFailsIsTakenBack() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(Self.three)
            bench.world.refuse("create D")
            let reverted = try await bench.update(
                stack,
                Workbench.template([
                    "A": "Properties: {Name: a, Value: '7'}", "B": "Properties: {Name: b, Value: !Sub '${A.Value}2'}",
                    "D": "DependsOn: B, Properties: {Name: d, Value: '4'}",
                ]))
            #expect(reverted.status == .updateRollbackComplete)
            #expect(bench.world.things.mapValues(\.value) == ["a": "1", "b": "12", "c": "3"])
            let statuses = try await bench.statuses(reverted)
            #expect(statuses.keys.sorted() == ["A", "B", "C"])
            let deleted = try await bench.delete(reverted)
            #expect(deleted.status == .deleteComplete)
            #expect(bench.world.things.isEmpty)
        }
    }

    @Test func aRollbackThatFailsCanBeContinued() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(Self.three)
            let next = Workbench.template([
                "A": "Properties: {Name: a, Value: '7'}", "D": "DependsOn: A, Properties: {Name: d, Value: '4'}",
            ])
            bench.world.refuse("create D")
            let failed = try await bench.update(stack, next, onFailure: .nothing)
            #expect(failed.status == .updateFailed)
            bench.world.refuse("update A")
            let stuck = try await bench.operate(on: failed, .rollback, .reverting, as: .updateRollbackInProgress)
            #expect(stuck.status == .updateRollbackFailed)
            bench.world.refuse()
            let back = try await bench.operate(
                on: stuck, .continueRollback, .reverting, as: .updateRollbackInProgress)
            #expect(back.status == .updateRollbackComplete)
            #expect(bench.world.things.mapValues(\.value) == ["a": "1", "b": "12", "c": "3"])
        }
    }

    @Test func eventsKeepSecrets() async throws {
        try await Workbench.with { bench in
            let head = "Parameters: {Password: {Type: String, NoEcho: true}}\n"
            let body = Workbench.template(["A": "Properties: {Name: a, Value: !Sub 'x ${Password} y'}"])
            let stack = try await bench.create(head + body, parameters: ["Password": "hush-hush"])
            #expect(bench.world.things["a"]?.value == "x hush-hush y")
            let told = try await bench.events(stack).compactMap(\.properties)
            #expect(told.contains { $0.contains("x **** y") })
            #expect(!told.contains { $0.contains("hush") })
        }
    }

    @Test func aServiceThatIsAwayIsAskedAgain() async throws {
        try await Workbench.with { bench in
            bench.world.fail(times: 2)
            let stack = try await bench.create(Workbench.template(["A": "Properties: {Name: a, Value: '1'}"]))
            #expect(stack.status == .createComplete)
        }
    }

    @Test func whatIsToBeRetainedStays() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(
                Workbench.template([
                    "A": "DeletionPolicy: Retain, Properties: {Name: a, Value: '1'}",
                    "B": "Properties: {Name: b, Value: '2'}",
                ]))
            let gone = try await bench.delete(stack)
            #expect(gone.status == .deleteComplete)
            #expect(bench.world.things.keys.sorted() == ["a"])
            let statuses = try await bench.statuses(gone)
            #expect(statuses == ["A": "DELETE_SKIPPED", "B": "DELETE_COMPLETE"])
        }
    }

    @Test func aDeletionThatFailsIsTold() async throws {
        try await Workbench.with { bench in
            let stack = try await bench.create(Self.three)
            bench.world.refuse("delete B")
            let failed = try await bench.delete(stack)
            #expect(failed.status == .deleteFailed)
            #expect(failed.statusReason == "The following resource(s) failed to delete: [B]. ")
            #expect(bench.world.things.keys.sorted() == ["a", "b"])
            bench.world.refuse()
            let gone = try await bench.delete(failed)
            #expect(gone.status == .deleteComplete)
            #expect(bench.world.things.isEmpty)
        }
    }

    @Test func whatOthersImportStays() async throws {
        try await Workbench.with { bench in
            let giver = try await bench.create(
                Self.three + "Outputs:\n  Sum: {Value: !GetAtt B.Value, Export: {Name: shop-sum}}\n")
            let taker = try await bench.create(
                Workbench.template(["T": "Properties: {Name: t, Value: !ImportValue shop-sum}"]), name: "taker")
            #expect(bench.world.things["t"]?.value == "12")
            let reverted = try await bench.update(giver, Self.three)
            #expect(reverted.status == .updateRollbackComplete)
            let reasons = try await bench.events(reverted).compactMap(\.reason)
            #expect(reasons.contains("Export shop-sum cannot be deleted as it is in use by taker"))
            _ = try await bench.delete(taker)
            let updated = try await bench.update(reverted, Self.three)
            #expect(updated.status == .updateComplete)
        }
    }
}
