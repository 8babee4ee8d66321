// As much of AWS's SDK for JavaScript as the suite uses: commands, a client that signs and sends them, and errors.

import { createHash, createHmac, randomUUID } from 'node:crypto'

class Command {
  constructor(input) {
    this.input = input
  }
}

class Client {
  constructor({ endpoint, region, credentials }) {
    Object.assign(this, { endpoint: new URL(endpoint), region, credentials })
  }

  async send(command) {
    const action = command.constructor.name.replace(/Command$/, '')
    const input = command.constructor.idempotent ? { ClientRequestToken: randomUUID(), ...command.input } : command.input
    const body = JSON.stringify(input, (_, value) => (value instanceof Uint8Array ? base64(value) : value))
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      host: this.endpoint.host,
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      'x-amz-target': `${this.constructor.target}.${action}`,
      ...(this.credentials.sessionToken ? { 'x-amz-security-token': this.credentials.sessionToken } : {}),
    }
    headers.authorization = this.signature(headers, body)
    const response = await fetch(this.endpoint, { method: 'POST', headers, body })
    const members = JSON.parse((await response.text()) || '{}', asBytesOrSame)
    const $metadata = { httpStatusCode: response.status, requestId: response.headers.get('x-amzn-requestid') }
    if (response.ok) return { ...withDates(members), $metadata }
    throw fault(members, $metadata)
  }

  signature(headers, body) {
    const time = headers['x-amz-date']
    const names = Object.keys(headers).sort()
    const canonical = [
      'POST', '/', '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha256(body),
    ].join('\n')
    const scope = [time.slice(0, 8), this.region, 'dynamodb', 'aws4_request']
    const key = scope.reduce(hmac, `AWS4${this.credentials.secretAccessKey}`)
    const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')
    return `AWS4-HMAC-SHA256 Credential=${this.credentials.accessKeyId}/${scope.join('/')}, ` +
      `SignedHeaders=${names.join(';')}, Signature=${hmac(key, text).toString('hex')}`
  }
}

const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

/** Binary values, which are the only strings, and lists of strings, that are called B and BS. */
function asBytesOrSame(name, value) {
  if (name === 'B' && typeof value === 'string') return bytes(value)
  if (name === 'BS' && Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.map(bytes)
  return value
}

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))

function withDates(members) {
  for (const description of [members.Table, members.TableDescription]) {
    if (description) description.CreationDateTime = new Date(description.CreationDateTime * 1000)
  }
  return members
}

export class DynamoDBServiceException extends Error {}
export class ConditionalCheckFailedException extends DynamoDBServiceException {}
export class ResourceInUseException extends DynamoDBServiceException {}
export class ResourceNotFoundException extends DynamoDBServiceException {}
export class TransactionCanceledException extends DynamoDBServiceException {}

function fault({ __type, message, Message, ...members }, $metadata) {
  const name = __type.split('#').at(-1)
  const known = {
    ConditionalCheckFailedException, ResourceInUseException, ResourceNotFoundException, TransactionCanceledException,
  }
  const error = new (known[name] ?? DynamoDBServiceException)(message ?? Message ?? 'UnknownError')
  return Object.assign(error, members, { name, $metadata })
}

export class DynamoDBClient extends Client {
  static target = 'DynamoDB_20120810'
}
export class DynamoDBStreamsClient extends Client {
  static target = 'DynamoDBStreams_20120810'
}

export class BatchExecuteStatementCommand extends Command {}
export class BatchGetItemCommand extends Command {}
export class BatchWriteItemCommand extends Command {}
export class CreateTableCommand extends Command {}
export class DeleteItemCommand extends Command {}
export class DeleteTableCommand extends Command {}
export class DescribeStreamCommand extends Command {}
export class DescribeTableCommand extends Command {}
export class DescribeTimeToLiveCommand extends Command {}
export class ExecuteStatementCommand extends Command {}
export class ExecuteTransactionCommand extends Command {
  static idempotent = true
}
export class GetItemCommand extends Command {}
export class GetRecordsCommand extends Command {}
export class GetShardIteratorCommand extends Command {}
export class ListStreamsCommand extends Command {}
export class ListTablesCommand extends Command {}
export class ListTagsOfResourceCommand extends Command {}
export class PutItemCommand extends Command {}
export class QueryCommand extends Command {}
export class ScanCommand extends Command {}
export class TagResourceCommand extends Command {}
export class TransactGetItemsCommand extends Command {}
export class TransactWriteItemsCommand extends Command {
  static idempotent = true
}
export class UntagResourceCommand extends Command {}
export class UpdateItemCommand extends Command {}
export class UpdateTableCommand extends Command {}
export class UpdateTimeToLiveCommand extends Command {}
