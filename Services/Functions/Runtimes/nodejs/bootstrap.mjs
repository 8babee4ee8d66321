// The Node.js runtime: takes invocations from the Runtime API and calls the handler that _HANDLER names.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import http from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { existsSync, writeSync } from "node:fs";
import path from "node:path";
import util from "node:util";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const prefix = "/2018-06-01/runtime/";
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const telemetry = Number(process.env._LAMBDA_TELEMETRY_LOG_FD);
delete process.env._LAMBDA_TELEMETRY_LOG_FD;
let currentRequestId = "undefined";

function request(method, resource, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host, port, agent, method, path: prefix + resource, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function post(resource, body, headers = {}) {
  const bytes = Buffer.from(body);
  return request("POST", resource, { "Content-Type": "application/json", "Content-Length": bytes.length, ...headers }, bytes);
}

// One frame a message, so that a message of several lines stays one event: type, length, microseconds, text.
function emit(text) {
  const message = Buffer.from(text + "\n");
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(message.length, 4);
  header.writeBigUInt64BE(BigInt(Date.now()) * 1000n, 8);
  let frame = Buffer.concat([header, message]);
  while (frame.length > 0) frame = frame.subarray(writeSync(telemetry, frame));
}

function patchConsole() {
  const levels = { log: "INFO", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR", trace: "TRACE" };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) =>
      emit(`${new Date().toISOString()}\t${currentRequestId}\t${level}\t${util.format(...values)}`);
  }
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name ?? "Error",
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  };
}

function namedError(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

async function load(file) {
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    const candidate = file + extension;
    if (!existsSync(candidate)) continue;
    if (extension === ".mjs") return import(pathToFileURL(candidate));
    try {
      return createRequire(candidate)(candidate);
    } catch (error) {
      if (error.code !== "ERR_REQUIRE_ESM") throw error;
      return import(pathToFileURL(candidate));
    }
  }
  throw namedError("Runtime.ImportModuleError", `Error: Cannot find module '${path.basename(file)}'`);
}

async function findHandler() {
  const name = process.env._HANDLER;
  const match = /^(.*\/)?([^./]+)\.(.+)$/.exec(name);
  if (!match || name.includes("..")) throw namedError("Runtime.MalformedHandlerName", "Bad handler");
  const [, folder = "", file, property] = match;
  const module = await load(path.resolve(process.env.LAMBDA_TASK_ROOT, folder, file));
  const find = (from) => property.split(".").reduce((value, key) => value?.[key], from);
  const handler = find(module) ?? find(module.default);
  if (handler === undefined) throw namedError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw namedError("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

function parse(text) {
  return text === undefined ? undefined : JSON.parse(text);
}

function makeContext(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers["lambda-runtime-client-context"]),
    identity: parse(headers["lambda-runtime-cognito-identity"]),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// A handler answers by a promise, or by its third argument or the context's older functions.
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => (error === null || error === undefined ? resolve(value) : reject(error));
    context.done = callback;
    context.succeed = (value) => resolve(value);
    context.fail = (error) => reject(error ?? "handled");
    const answer = handler(event, context, callback);
    if (typeof answer?.then === "function") answer.then(resolve, reject);
    else if (handler.length < 3 && answer !== undefined) resolve(answer);
  });
}

async function serve(handler) {
  const invocation = await request("GET", "invocation/next");
  const id = invocation.headers["lambda-runtime-aws-request-id"];
  currentRequestId = id;
  const trace = invocation.headers["lambda-runtime-trace-id"];
  if (trace) process.env._X_AMZN_TRACE_ID = trace;
  else delete process.env._X_AMZN_TRACE_ID;
  try {
    const event = JSON.parse(invocation.body);
    const answer = await call(handler, event, makeContext(invocation.headers));
    await post(`invocation/${id}/response`, JSON.stringify(answer === undefined ? null : answer));
  } catch (error) {
    const description = describe(error);
    emit(`${new Date().toISOString()}\t${id}\tERROR\tInvoke Error \t${JSON.stringify(description)}`);
    await post(`invocation/${id}/error`, JSON.stringify(description), {
      "Lambda-Runtime-Function-Error-Type": description.errorType,
    });
  }
}

async function failUnhandled(kind, error) {
  const description = { ...describe(error), errorType: kind };
  emit(`${new Date().toISOString()}\t${currentRequestId}\tERROR\t${kind}\t${JSON.stringify(description)}`);
  if (currentRequestId !== "undefined") {
    await post(`invocation/${currentRequestId}/error`, JSON.stringify(description), {
      "Lambda-Runtime-Function-Error-Type": kind,
    });
  }
  process.exit(128);
}

async function main() {
  patchConsole();
  process.on("uncaughtException", (error) => failUnhandled("Runtime.UncaughtException", error));
  process.on("unhandledRejection", (error) => failUnhandled("Runtime.UnhandledPromiseRejection", error));
  let handler;
  try {
    handler = await findHandler();
  } catch (error) {
    const description = describe(error);
    if (error instanceof SyntaxError) description.errorType = "Runtime.UserCodeSyntaxError";
    emit(`${new Date().toISOString()}\tundefined\tERROR\tUncaught Exception \t${JSON.stringify(description)}`);
    await post("init/error", JSON.stringify(description), { "Lambda-Runtime-Function-Error-Type": description.errorType });
    process.exit(1);
  }
  for (;;) await serve(handler);
}

main();
