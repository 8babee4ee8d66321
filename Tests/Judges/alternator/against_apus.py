"""Has pytest run ScyllaDB's `test/alternator` against a stack of Apus, as the suite runs itself against AWS.

The suite imports modules of ScyllaDB's other tests, for its own servers and for CQL: small stand-ins take their place.
"""

import sys
import types

import pytest

import judged_stack

# Beside these, the suite itself skips what is ScyllaDB's own when it runs against AWS, and what takes up to an hour
# there without `--runveryslow`.
EXCLUDED_FILES = {
    "test_audit.py": "ScyllaDB's audit log, read by CQL",
}
EXCLUDED_TESTS = {
    "test_health_works":
        "`GET /` is DynamoDB's health check where DynamoDB is alone; at an endpoint of all services it lists buckets",
    "test_describe_continuous_backups_without_continuous_backups":
        "wants DISABLED where AWS documents ENABLED for every table; the test says that it fails on AWS",
    "test_concurrent_tag":
        "its two threads each take the other's tag for an error: in AWS mode it waits for exactly its own tags",
    "test_put_and_get_toplevel_v_manual_request": "a type of ScyllaDB's own, FLOAT32VECTOR",
}


# Stand-ins -----------------------------------------------------------------------------------------------------------

def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    module.__path__ = []
    sys.modules[name] = module


def skip(reason="", **_):
    pytest.skip(reason)


class NoCluster:
    def __init__(self, *_, **__):
        raise NoHostAvailable("there is no CQL")


class NoHostAvailable(Exception):
    pass


def never(*_, **__):
    raise NotImplementedError


stand_in("test.conftest", dynamic_scope=lambda: "session")
stand_in("test.cqlpy")
stand_in("test.cqlpy.conftest", host=pytest.fixture(scope="session")(lambda: None))
stand_in("test.cqlpy.util", config_value_context=never)
stand_in("test.pylib")
stand_in("test.pylib.connect_options", add_host_option=lambda parser: None)
stand_in("test.pylib.driver_utils", safe_driver_shutdown=lambda *_: None)
stand_in("test.pylib.skip_types", skip_env=skip, skip_bug=skip)
stand_in("cassandra")
stand_in("cassandra.auth", PlainTextAuthProvider=lambda *_, **__: None)
stand_in("cassandra.cluster", Cluster=NoCluster, NoHostAvailable=NoHostAvailable, ExecutionProfile=never,
         ConsistencyLevel=None, EXEC_PROFILE_DEFAULT=None)
stand_in("cassandra.policies", RoundRobinPolicy=never)

import test.alternator.util as util  # noqa: E402  the stand-ins come first

# The suite tells AWS by its host name. Its other modules take this function from here as they are loaded.
util.is_aws = lambda dynamodb: True


# The plugin that ScyllaDB's is replaced by ----------------------------------------------------------------------------

@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """The key that a test is told to sign with, where it makes a client of its own: ScyllaDB asks CQL for it."""
    if fixturedef.argname != "get_valid_alternator_role":
        return None
    running = judged_stack.running
    fixturedef.cached_result = (lambda url, role=None: (running.key, running.secret), fixturedef.cache_key(request), None)
    return fixturedef.cached_result[0]


def pytest_runtest_setup(item):
    """What ScyllaDB's own plugin does: tests that take up to an hour want `--runveryslow`."""
    if marker := item.get_closest_marker("skip_env"):
        pytest.skip(marker.kwargs.get("reason", ""))


# What is left out ----------------------------------------------------------------------------------------------------

def pytest_ignore_collect(collection_path, config):
    return True if collection_path.name in EXCLUDED_FILES else None


def pytest_collection_modifyitems(config, items):
    left = [item for item in items if item.name.partition("[")[0] in EXCLUDED_TESTS]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_sep("-", "left out")
    for name, reason in (EXCLUDED_FILES | EXCLUDED_TESTS).items():
        terminalreporter.write_line(f"{name}: {reason}")
