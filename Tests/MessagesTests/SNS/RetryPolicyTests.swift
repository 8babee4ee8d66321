import ServiceKit
import Testing

@testable import SNS

@Suite("Retries")
struct RetryPolicyTests {
    @Test("An HTTP endpoint is tried three times more, twenty seconds apart")
    func standard() {
        let policy = RetryPolicy()
        #expect((1...4).map(policy.delay) == [.seconds(20), .seconds(20), .seconds(20), nil])
    }

    @Test("A queue is tried at once, then by the second, then ever more slowly, then for weeks")
    func managed() {
        let delays = [1, 3, 4, 5, 6, 7, 15, 16, 100_015, 100_016].map(RetryPolicy.managed.delay)
        #expect(
            delays == [
                .zero, .zero, .seconds(1), .seconds(1), .seconds(2), .seconds(4), .seconds(20), .seconds(20),
                .seconds(20), nil,
            ])
    }

    @Test("A subscription's own policy counts its phases")
    func phases() throws {
        let policy = try RetryPolicy(
            subscriptionPolicy: """
                {"healthyRetryPolicy":{"minDelayTarget":2,"maxDelayTarget":10,"numRetries":6,"numNoDelayRetries":1,\
                "numMinDelayRetries":1,"numMaxDelayRetries":2,"backoffFunction":"linear"}}
                """)
        #expect(
            (1...7).map(policy.delay) == [
                .zero, .seconds(2), .seconds(6), .seconds(10), .seconds(10), .seconds(10), nil,
            ])
    }
}
