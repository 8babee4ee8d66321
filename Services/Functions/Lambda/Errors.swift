import ServiceKit

/// Lambda's errors, in its own words.
extension ServiceError {
    static func functionNotFound(_ arn: String) -> ServiceError { notFound("Function not found: \(arn)") }
    static func aliasNotFound(_ arn: String) -> ServiceError { notFound("Cannot find alias arn: \(arn)") }
    static let noPolicy = notFound("The resource you requested does not exist.")
    static let mappingNotFound = notFound("The resource you requested does not exist.")
    static func statementNotFound(_ id: String) -> ServiceError {
        notFound("Statement \(id) is not found in resource policy.")
    }
    static func noEventConfiguration(_ arn: String) -> ServiceError {
        notFound("The function \(arn) doesn't have an EventInvokeConfig")
    }

    private static func notFound(_ message: String) -> ServiceError {
        lambda("ResourceNotFoundException", message, status: 404)
    }

    static func functionExists(_ name: String) -> ServiceError { conflict("Function already exist: \(name)") }
    static func aliasExists(_ arn: String) -> ServiceError { conflict("Alias already exists: \(arn)") }
    static func statementExists(_ id: String) -> ServiceError {
        conflict(
            "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the "
                + "existing statement."
        )
    }
    static func mappingExists(_ id: String) -> ServiceError {
        conflict(
            "An event source mapping with this event source and function already exists. "
                + "Please update or delete the existing mapping with UUID \(id)")
    }
    static func versionInUse(_ aliases: [String]) -> ServiceError {
        conflict("Version is referenced by alias: \(aliases.joined(separator: ", "))")
    }

    private static func conflict(_ message: String) -> ServiceError {
        lambda("ResourceConflictException", message, status: 409)
    }

    static func invalid(_ message: String) -> ServiceError {
        lambda("InvalidParameterValueException", message, status: 400)
    }

    static let roleCannotBeAssumed = invalid("The role defined for the function cannot be assumed by Lambda.")

    /// AWS lists what it would have accepted.
    static func unknownRuntime(_ name: String, known: [String]) -> ServiceError {
        invalid(
            "Value \(name) at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
                + "[\(known.joined(separator: ", "))] or be a valid ARN")
    }

    static func retiredRuntime(_ name: String) -> ServiceError {
        invalid(
            "The runtime parameter of \(name) is no longer supported for creating or updating AWS Lambda functions. "
                + "We recommend you use a supported runtime while creating or updating functions.")
    }

    static func unusableArchive(_ fault: ZipArchive.Fault) -> ServiceError {
        switch fault {
        case .malformed:
            invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
        case .tooLarge:
            invalid("Unzipped size must be smaller than \(PackageStore.unpackedLimit) bytes")
        }
    }

    static func preconditionFailed(_ resource: String) -> ServiceError {
        lambda(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the \(resource) API to retrieve the "
                + "latest Revision Id",
            status: 412)
    }

    static func requestTooLarge(_ limit: Int, _ operation: String) -> ServiceError {
        lambda(
            "RequestTooLargeException", "Request must be smaller than \(limit) bytes for the \(operation) operation",
            status: 413)
    }

    static func invalidContent(_ reason: String) -> ServiceError {
        lambda(
            "InvalidRequestContentException",
            "Could not parse request body into json: Could not parse payload into json: \(reason)", status: 400)
    }

    /// Reasons: `ReservedFunctionConcurrentInvocationLimitExceeded`, `ConcurrentInvocationLimitExceeded`.
    static func throttled(_ reason: String) -> ServiceError {
        ServiceError("TooManyRequestsException", "Rate Exceeded.", status: 429) {
            $0.member("Reason", reason)
            $0.member("Type", "User")
        }
    }

    /// The platform could not make an environment: SDKs try again.
    static func noEnvironment(_ reason: String) -> ServiceError {
        ServiceError("ServiceException", "The function's environment could not be made: \(reason)", status: 500)
    }

    private static func lambda(_ code: String, _ message: String, status: Int) -> ServiceError {
        ServiceError(code, message, status: status) { $0.member("Type", "User") }
    }

    /// Whether trying again may help: the fault lies with load or with us.
    var isTransient: Bool { status == 429 || status >= 500 }
}

// MARK: Layers

extension ServiceError {
    static let layerNotFound = notFound("The resource you requested does not exist.")
    static let layerNumberTooSmall = invalid("Layer Version Cannot be less than 1.")
    static func layerMissing(_ arn: String) -> ServiceError { invalid("Layer version \(arn) does not exist.") }
    static func tooManyLayers(_ limit: Int) -> ServiceError { invalid("Cannot reference more than \(limit) layers.") }
    static func layerElsewhere(_ region: String) -> ServiceError {
        invalid(
            "Layers are not in the same region as the function. Layers are expected to be in region \(region).")
    }
    static func layerTwice(_ first: String, _ second: String) -> ServiceError {
        invalid(
            "Two different versions of the same layer are not allowed to be referenced in the same function. "
                + "\(first) and \(second) are versions of the same layer.")
    }
    static let layersTooLarge = invalid(
        "Layers consume more than the available size of \(PackageStore.unpackedLimit) bytes")
}

// MARK: Function URLs

extension ServiceError {
    static let urlNotFound = notFound("The resource you requested does not exist.")
    static func urlExists(_ function: ARN) -> ServiceError {
        conflict(
            "Failed to create function url config for [functionArn = \(function)]. "
                + "Error message:  FunctionUrlConfig exists for this Lambda function")
    }
}

extension RoleCredentialsSource {
    /// - Throws: `InvalidParameterValueException` where the role does not exist or does not trust Lambda.
    func requireAssumable(_ role: String, by key: FunctionKey) async throws {
        do {
            _ = try await credentials(of: role, session: key.name, region: key.region)
        } catch let error as ServiceError where !error.isTransient {
            throw ServiceError.roleCannotBeAssumed
        }
    }
}
