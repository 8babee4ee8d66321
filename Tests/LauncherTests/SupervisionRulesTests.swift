import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import Launcher

@Suite("Supervision's rules") struct SupervisionRulesTests {
    @Test("A child that keeps ending waits longer each time, until it has lived for a while")
    func restartDelay() {
        var delay = RestartDelay()
        #expect(delay.after(life: .zero) == .milliseconds(50))
        #expect(delay.after(life: .seconds(1)) == .milliseconds(100))
        #expect(delay.after(life: .seconds(1)) == .milliseconds(200))
        for _ in 0..<20 { _ = delay.after(life: .zero) }
        #expect(delay.after(life: .zero) == .seconds(10))
        #expect(delay.after(life: .seconds(10)) == .milliseconds(50))
    }

    @Test("Callers stop before those they call, auth last, and strangers with the callers")
    func stopOrder() {
        let stages = StopOrder.stages(of: ["auth", "email", "gateway", "novelty", "objects", "tables"])
        #expect(stages == [["gateway"], ["email", "novelty"], ["objects", "tables"], ["auth"]])
        #expect(StopOrder.stages(of: ["auth"]) == [["auth"]])
        #expect(StopOrder.stages(of: []).isEmpty)
    }

    @Test("Every owner has a place in the order")
    func everyOwner() {
        #expect(Set(StopOrder.stages(of: Owners.all).joined()) == Set(Owners.all))
        // Known ones are not among the strangers: apart from them nobody shares the callers' stage by accident.
        #expect(StopOrder.stages(of: Owners.all).last == ["auth"])
    }

    @Test("Services are the executables named apus-…, not what a build leaves beside them, nor helpers")
    func executables() {
        #expect(Executables.isService("apus-gateway"))
        for file in [
            "apus", "apus-", "apus-gateway.build", "apus-gateway-entitlement.plist", "apus-zygote", "bus-peer",
        ] {
            #expect(!Executables.isService(file))
        }
    }

    @Test("The state file says what was written, and its absence is no error")
    func stateFile() async throws {
        try await TemporaryFolder.with { folder in
            let path = "\(folder)/supervisor.json"
            #expect(try SupervisorState.read(path) == nil)
            var state = SupervisorState(
                pid: 7, port: 4566, runDirectory: "/run",
                processes: [
                    .init(name: "auth", pid: 8, restarts: 0, startedAt: Timestamp(milliseconds: 9)),
                    .init(name: "tables", pid: nil, restarts: 3, startedAt: nil),
                ])
            try state.write(path)
            #expect(try SupervisorState.read(path) == state)
            state.processes[1].pid = 10
            try state.write(path)
            #expect(try SupervisorState.read(path) == state)
        }
    }

    @Test("Only one supervisor holds a stack")
    func lock() async throws {
        try await TemporaryFolder.with { folder in
            let path = "\(folder)/lock"
            #expect(StackLock.isFree(path))
            let lock = try #require(try StackLock.take(path))
            #expect(!StackLock.isFree(path))
            let second = try StackLock.take(path)
            #expect(second == nil)
            withExtendedLifetime(lock) {}
        }
    }

    @Test("The end of a child is told in words")
    func reasons() {
        #expect(Supervisor.reason(0) == "exit 0")
        #expect(Supervisor.reason(1 << 8) == "exit 1")
        #expect(Supervisor.reason(9) == "signal 9")
    }

    @Test("The table of processes has straight columns")
    func table() {
        let running = SupervisorState.Process(
            name: "tables", pid: 12, restarts: 1, startedAt: Timestamp(milliseconds: 0))
        let waiting = SupervisorState.Process(name: "auth", pid: nil, restarts: 12, startedAt: nil)
        let table = Status.table([
            Status.Row(running, isHealthy: true, memory: 5 << 20, now: Timestamp(milliseconds: 300_000)),
            Status.Row(waiting, isHealthy: false, memory: nil, now: Timestamp(milliseconds: 300_000)),
        ])
        #expect(
            table == """
                NAME    PID  HEALTH              RESTARTS  UPTIME  MEMORY (PSS)
                tables  12   ok                  1         5m      5.0 MB
                auth    -    waiting to restart  12        -       -
                """)
    }

    @Test("A process's memory is read from the kernel")
    func memory() throws {
        let own = try #require(ProcessMemory.proportional(of: Int(getpid())))
        #expect(own > 1 << 20)
        #expect(ProcessMemory.proportional(of: 1 << 30) == nil)
    }
}
