"""The zygote of a Python runtime: imports the runtime client once, then forks blank execution environments.

Usage: python3 -I -S zygote.py LIBRARY, with the control socket as descriptor 3 (see Shared/CSandbox).
It is started before any function exists and never sees one's code, data or name: only its children do, each in
namespaces of its own. It must stay single-threaded, because a fork copies one thread.
"""

import ctypes
import gc
import os
import sys

CONTROL = 3
RUNTIME_API = "127.0.0.1:9001"
MESSAGE_SIZE = 65536
# Imported once for all; a function that brings its own copy gets its own.
SHARED_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six")


class Sandbox:
    """CSandbox's functions. The GIL is held throughout: there is no other thread."""

    def __init__(self, path):
        self.library = ctypes.PyDLL(path)
        self.library.apus_failure.restype = ctypes.c_char_p

    def __getattr__(self, name):
        return getattr(self.library, "apus_" + name)

    def report_failure(self):
        os.write(CONTROL, b"F" + self.failure())

    def start(self):
        """Waits for the start order; returns the function's environment variables and command."""
        variables = ctypes.create_string_buffer(MESSAGE_SIZE)
        command = ctypes.create_string_buffer(MESSAGE_SIZE)
        if self.environment_start(variables, MESSAGE_SIZE, command, MESSAGE_SIZE) < 0:
            self.environment_abort()
        return strings(variables.raw), strings(command.raw)


def strings(block):
    end = block.find(b"\0\0")
    return [os.fsdecode(item) for item in block[:end].split(b"\0")] if end > 0 else []


def preload():
    """Everything any function will import, before there is a function."""
    os.environ["AWS_LAMBDA_RUNTIME_API"] = RUNTIME_API  # read by the native client when it is imported
    sys.path.append("/var/runtime")
    import awslambdaric.bootstrap
    import http.client  # noqa: F401 (the client imports it lazily, for errors)

    try:
        import boto3.session  # noqa: F401
        import botocore.httpsession  # noqa: F401
        import botocore.signers  # noqa: F401
        import s3transfer.manager  # noqa: F401
    except ImportError:
        pass  # a runtime folder without the SDK is allowed


def unload_shadowed_packages():
    """A package that the function or a layer brings takes precedence over the one imported here."""
    brought = set()
    for folder in sys.path[: sys.path.index("/var/runtime")]:
        if folder.startswith(("/var/task", "/opt")) and os.path.isdir(folder):
            brought.update(entry.partition(".")[0] for entry in os.listdir(folder))
    if not brought.intersection(SHARED_PACKAGES):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] in SHARED_PACKAGES]:
        del sys.modules[name]


def adopt(variables):
    os.environ.clear()
    for variable in variables:
        name, _, value = variable.partition("=")
        os.environ[name] = value
    version = "python%d.%d" % sys.version_info[:2]
    brought = [p for p in os.environ.get("PYTHONPATH", "").split(":") if p and p != "/var/runtime"]
    sys.path[:0] = ["/var/task", *brought, f"/opt/python/lib/{version}/site-packages", "/opt/python"]
    sys.pycache_prefix = "/var/lang/cache"
    sys.dont_write_bytecode = True
    import time

    time.tzset()


def run_function(handler):
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    unload_shadowed_packages()
    # Read from the environment when the module was imported, in the zygote.
    bootstrap._AWS_LAMBDA_LOG_FORMAT = bootstrap.LogFormat.from_str(os.environ.get("AWS_LAMBDA_LOG_FORMAT"))
    bootstrap._AWS_LAMBDA_LOG_LEVEL = bootstrap._get_log_level_from_env_var(os.environ.get("AWS_LAMBDA_LOG_LEVEL"))
    sys.argv = ["/var/runtime/bootstrap.py", handler]
    bootstrap.run(handler, LambdaRuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"]))


def compile_package():
    """Byte-compiles a deployment package into its cache, once, when it is published."""
    import compileall
    import py_compile

    sys.dont_write_bytecode = False
    compileall.compile_dir(
        "/var/task", quiet=2, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )


def become_function(sandbox):
    variables, command = sandbox.start()
    adopt(variables)
    if command[0] == "compile":
        compile_package()
    else:
        run_function(command[1])


def become_environment(sandbox):
    if sandbox.environment_isolate() < 0:
        sandbox.environment_abort()
    init = os.fork()
    if init:
        if sandbox.environment_hand_over(init) < 0:
            sandbox.environment_abort()
        os._exit(0)
    runtime = os.fork()
    if runtime:
        sandbox.environment_init(runtime)
    become_function(sandbox)


def main():
    sandbox = Sandbox(sys.argv[1])
    if sandbox.zygote_enter(CONTROL) < 0:
        sandbox.report_failure()
        sys.exit(1)
    preload()
    gc.collect()
    gc.freeze()
    sandbox.zygote_ready(CONTROL)
    while sandbox.zygote_next(CONTROL):
        if os.fork() == 0:
            become_environment(sandbox)
            return
        sandbox.zygote_forget()


main()
