// What every service file speaks in: one import is enough.
@_exported import AccessPolicy
@_exported import Bytes
@_exported import Crypto
@_exported import EventLog
@_exported import JSON
@_exported import Storage
@_exported import Time
