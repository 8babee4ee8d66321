// swift-tools-version: 6.2
import PackageDescription

// Every target once; dependency arrows read from the top (leaves) to the bottom (executables).

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A library of `Shared/`.
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: strict)
}

/// One AWS service, a folder of the executable where its state lives.
func service(
    _ name: String, in executable: String, _ more: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: ["ServiceKit"] + more, path: "Services/\(executable)/\(name)", exclude: exclude,
        swiftSettings: strict)
}

/// An executable that only composes.
func executable(_ name: String, in folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Services/\(folder)/Main", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "Apus",
    products: [
        // Loaded by the Python zygote, which is not a program of ours (Services/Functions/Runtimes/python).
        .library(name: "apus-sandbox", type: .dynamic, targets: ["CSandbox"])
    ],
    targets: [
        // C libraries: Debian's packages, and three thin shims of our own.
        .systemLibrary(name: "CZeroMQ", path: "Shared/CZeroMQ"),
        .systemLibrary(name: "COpenSSL", path: "Shared/COpenSSL"),
        .systemLibrary(name: "CNGHTTP2", path: "Shared/CNGHTTP2"),
        .systemLibrary(name: "CJWT", path: "Shared/CJWT"),
        .systemLibrary(name: "CCurl", path: "Shared/CCurl"),
        .systemLibrary(name: "CZlib", path: "Shared/CZlib"),
        .systemLibrary(name: "CZstd", path: "Shared/CZstd"),
        .systemLibrary(name: "CVips", path: "Shared/CVips"),
        .systemLibrary(name: "CYAML", path: "Shared/CYAML"),
        .target(name: "CSQLite", path: "Shared/CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CSystem", path: "Shared/CSystem"),
        .target(name: "CSandbox", path: "Shared/CSandbox"),

        // Shared: leaves first.
        shared("Bytes"),
        shared("Compression", ["CZlib", "CZstd"]),
        shared("Time"),
        shared("Threads", ["CSystem"]),
        shared("JSON", ["Bytes", "Time"]),
        shared("Crypto", ["Bytes", "COpenSSL", "CSystem"]),
        shared("HTTPTypes", ["Bytes"]),
        shared("HTTP", ["HTTPTypes", "Bytes", "Threads", "Time", "CSystem", "COpenSSL", "CNGHTTP2"]),
        shared("Bus", ["Bytes", "Crypto", "Threads", "Time", "CZeroMQ", "CSystem"]),
        shared("AWSModel", ["JSON", "Bytes"], exclude: ["Models"]),
        shared("AWSWire", ["AWSModel", "JSON", "HTTPTypes", "Bytes", "Time", "Crypto"]),
        shared("AWSSignature", ["HTTPTypes", "Bytes", "Time", "Crypto"]),
        shared("AccessPolicy", ["JSON", "Bytes", "Time"]),
        shared("JWT", ["JSON", "Bytes", "Time", "Crypto", "CJWT", "COpenSSL"]),
        shared("Storage", ["Bytes", "Time", "Threads", "CSQLite", "CSystem"]),
        shared("EventLog", ["Storage", "JSON", "Bytes", "Time"]),
        shared(
            "ServiceKit",
            [
                "AWSModel", "AccessPolicy", "Bus", "Bytes", "Crypto", "EventLog", "JSON", "Storage", "Threads", "Time",
                "CSystem",
            ]),

        // Services: one target an AWS service, one folder an executable.
        service("IAM", in: "Auth", ["AWSSignature"]),
        service("STS", in: "Auth", ["IAM", "JWT"]),
        service("KMS", in: "Auth"),
        service("CognitoUserPools", in: "Auth", ["JWT", "COpenSSL"]),
        service("CognitoIdentityPools", in: "Auth", ["IAM", "STS", "JWT"]),
        service("ApplicationAutoScaling", in: "Tables"),
        service("DynamoDB", in: "Tables", ["ApplicationAutoScaling", "Compression", "CSystem"]),
        service("DAX", in: "Tables", ["DynamoDB"]),
        .target(
            name: "Iceberg", dependencies: ["JSON", "Compression"], path: "Services/Objects/Iceberg",
            swiftSettings: strict),
        service("S3", in: "Objects", ["CSystem", "Compression", "Iceberg"]),
        service("SQS", in: "Messages"),
        service("SNS", in: "Messages", ["HTTP", "HTTPTypes", "COpenSSL"]),
        service("CloudWatchLogs", in: "Monitoring"),
        service("APIGateway", in: "APIs"),
        .target(
            name: "Sandbox", dependencies: ["CSandbox", "CSystem", "Bytes", "Threads", "Time"],
            path: "Services/Functions/Sandbox", swiftSettings: strict),
        .target(
            name: "RuntimeAPI", dependencies: ["HTTP", "JSON", "Bytes", "Time", "Sandbox"],
            path: "Services/Functions/RuntimeAPI", swiftSettings: strict),
        service("Lambda", in: "Functions", ["Sandbox", "RuntimeAPI", "HTTP", "CZlib"]),
        service("SES", in: "Email", ["CCurl"]),
        .target(
            name: "TemplateLanguage", dependencies: ["AWSModel", "JSON", "Bytes", "CYAML"],
            path: "Services/Stacks/TemplateLanguage", swiftSettings: strict),
        service("CloudFormation", in: "Stacks", ["TemplateLanguage", "AWSModel"], exclude: ["Schemas"]),
        service("Thumbnails", in: "Thumbnails", ["CSystem"]),
        .target(
            name: "ExecuteAPI", dependencies: ["ServiceKit", "HTTP", "JWT"],
            path: "Services/Gateway/ExecuteAPI", swiftSettings: strict),
        .target(
            name: "Gateway",
            dependencies: ["ExecuteAPI", "ServiceKit", "HTTP", "AWSWire", "AWSSignature", "Compression"],
            path: "Services/Gateway/Gateway", swiftSettings: strict),
        .target(
            name: "Launcher", dependencies: ["ServiceKit", "Bus", "CSystem"], path: "Services/Apus/Launcher",
            swiftSettings: strict),

        // Executables.
        executable("apus-gateway", in: "Gateway", ["Gateway"]),
        executable("apus-auth", in: "Auth", ["IAM", "STS", "KMS", "CognitoUserPools", "CognitoIdentityPools"]),
        executable("apus-tables", in: "Tables", ["DynamoDB", "DAX"]),
        executable("apus-objects", in: "Objects", ["S3"]),
        executable("apus-messages", in: "Messages", ["SQS", "SNS"]),
        executable("apus-monitoring", in: "Monitoring", ["CloudWatchLogs"]),
        executable("apus-apis", in: "APIs", ["APIGateway"]),
        executable("apus-functions", in: "Functions", ["Lambda"]),
        .executableTarget(name: "apus-zygote", dependencies: ["CSandbox"], path: "Services/Functions/Zygote"),
        executable("apus-email", in: "Email", ["SES"]),
        executable("apus-stacks", in: "Stacks", ["CloudFormation"]),
        executable("apus-thumbnails", in: "Thumbnails", ["Thumbnails"]),
        .executableTarget(
            name: "thumbnail-worker", dependencies: ["Thumbnails", "CVips", "CSandbox"],
            path: "Services/Thumbnails/Worker", swiftSettings: strict),
        executable("apus", in: "Apus", ["Launcher"]),

        // Benchmarks.
        .executableTarget(
            name: "storage-bench", dependencies: ["Storage"], path: "Benchmarks/Storage", swiftSettings: strict),
        .executableTarget(
            name: "json-bench", dependencies: ["JSON"], path: "Benchmarks/JSON", swiftSettings: strict),
        .executableTarget(
            name: "bus-bench", dependencies: ["Bus"], path: "Benchmarks/Bus", swiftSettings: strict),
        .executableTarget(
            name: "http-bench", dependencies: ["HTTP", "HTTPTypes", "Bytes"], path: "Benchmarks/HTTP",
            exclude: ["compare-with-nginx"], swiftSettings: strict),
        .executableTarget(
            name: "authorization-bench", dependencies: ["AWSSignature", "AccessPolicy", "HTTPTypes", "Time"],
            path: "Benchmarks/Authorization", swiftSettings: strict),
        .executableTarget(
            name: "tables-bench", dependencies: ["DynamoDB", "ServiceKit", "Bus", "CSQLite"], path: "Benchmarks/Tables",
            swiftSettings: strict),
        .executableTarget(
            name: "stack-bench",
            dependencies: ["HTTP", "HTTPTypes", "AWSSignature", "JSON", "Bytes", "Time", "CSystem"],
            path: "Benchmarks/Stack", exclude: ["compare", "requirements.txt"], swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["ServiceKit", "HTTP", "Bus", "Bytes"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("BytesTests", ["Bytes", "Time", "Crypto", "HTTPTypes", "Compression", "CZstd"]),
        tests("JSONTests", ["JSON"]),
        tests("HTTPTests", ["HTTP"]),
        .executableTarget(
            name: "bus-peer", dependencies: ["Bus"], path: "Tests/BusPeer", swiftSettings: strict),
        tests("Fuzz", ["HTTP", "DynamoDB", "Gateway", "Compression", "CZstd", "KMS", "S3", "TemplateLanguage"]),
        tests("BusTests", ["Bus", "Crypto", "Threads", "CSystem", "CZeroMQ", "bus-peer"]),
        tests("WireTests", ["AWSWire", "AWSModel"]),
        tests("SignatureTests", ["AWSSignature", "JSON"]),
        tests("AccessPolicyTests", ["AccessPolicy"]),
        tests("JWTTests", ["JWT", "CJWT", "Crypto"]),
        tests("StorageTests", ["Storage", "EventLog", "Threads"]),
        .executableTarget(
            name: "storage-crash", dependencies: ["Storage", "EventLog"], path: "Tests/StorageCrash",
            swiftSettings: strict,
            // Its own pwrite64 and fdatasync are to be found by SQLite before the C library's.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
        tests("ServiceKitTests", ["ServiceKit"]),
        tests("AuthTests", ["IAM", "STS", "CognitoUserPools", "CognitoIdentityPools", "SES", "Crypto", "JWT"]),
        tests("KMSTests", ["KMS", "IAM"]),
        tests("DynamoDBTests", ["DynamoDB", "Compression", "KMS"]),
        tests("DAXTests", ["DAX", "DynamoDB"]),
        tests("ApplicationAutoScalingTests", ["ApplicationAutoScaling", "DynamoDB"]),
        tests("IcebergTests", ["Iceberg", "JSON", "Compression"]),
        tests("S3Tests", ["S3", "KMS", "IAM", "Iceberg"]),
        tests("MessagesTests", ["SQS", "SNS", "Bus", "COpenSSL"]),
        tests("MonitoringTests", ["CloudWatchLogs"]),
        tests("APIGatewayTests", ["APIGateway"]),
        tests("ExecuteAPITests", ["ExecuteAPI", "APIGateway"]),
        tests("FunctionsTests", ["Sandbox", "RuntimeAPI", "Lambda"]),
        tests("EmailTests", ["SES"]),
        tests("TemplateLanguageTests", ["TemplateLanguage", "JSON"]),
        tests(
            "CloudFormationTests",
            [
                "CloudFormation", "TemplateLanguage", "DynamoDB", "DAX", "ApplicationAutoScaling", "IAM", "KMS", "S3",
                "SQS", "SNS", "CloudWatchLogs", "Lambda",
            ]),
        tests("ThumbnailsTests", ["Thumbnails", "S3", "CZlib", "thumbnail-worker"]),
        tests("GatewayTests", ["Gateway"]),
        tests("LauncherTests", ["Launcher", "apus"]),
        tests(
            "ModelTests",
            [
                "AWSModel", "IAM", "STS", "KMS", "CognitoUserPools", "CognitoIdentityPools", "DynamoDB", "DAX", "S3",
                "SQS", "SNS", "CloudWatchLogs", "APIGateway", "Lambda", "SES", "CloudFormation", "JSON",
            ]),
        tests("StackTests", []),
        tests("Tidy", []),
    ],
    swiftLanguageModes: [.v6]
)
