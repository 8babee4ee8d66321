import Sandbox
import ServiceKit

/// The environment variables Lambda documents, for one instance.
///
/// [Reference](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
struct RuntimeVariables {
    let function: FunctionVersion
    let credentials: RoleCredentials
    let stream: LogStream

    /// The function's own come on top, except where it may not change ours.
    var values: [String: String] {
        defaults.merging(function.variables ?? [:]) { _, own in own }.merging(reserved) { _, ours in ours }
    }

    private var defaults: [String: String] {
        [
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "LD_LIBRARY_PATH":
                "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            "PYTHONPATH": "/var/runtime",
            "NODE_PATH": "/opt/nodejs/node_modules:/var/runtime/node_modules",
            // Every SDK understands it; the function's network ends at this address.
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        ]
    }

    private var reserved: [String: String] {
        var values = [
            "_HANDLER": function.handler,
            "AWS_REGION": function.key.region,
            "AWS_DEFAULT_REGION": function.key.region,
            "AWS_EXECUTION_ENV": "AWS_Lambda_\(function.runtime)",
            "AWS_LAMBDA_FUNCTION_NAME": function.key.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "\(function.memoryMegabytes)",
            "AWS_LAMBDA_FUNCTION_VERSION": function.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": stream.group,
            "AWS_LAMBDA_LOG_STREAM_NAME": stream.stream,
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
            "AWS_ACCESS_KEY_ID": credentials.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey,
            "AWS_SESSION_TOKEN": credentials.sessionToken,
            "LAMBDA_TASK_ROOT": "/var/task",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "_LAMBDA_TELEMETRY_LOG_FD": "62",
        ]
        if let logging = function.logging {
            values["AWS_LAMBDA_LOG_FORMAT"] = logging.format
            values["AWS_LAMBDA_LOG_LEVEL"] = logging.applicationLevel
        }
        return values
    }
}
