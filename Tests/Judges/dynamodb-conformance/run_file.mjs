// Runs one file of the suite as vitest does, and writes a line of JSON for each of its tests.
//
//     node run_file.mjs CHECKOUT FILE

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect } from './expect.mjs'

const [checkout, file] = process.argv.slice(2)

// The types are left out by node. What is missing are the SDK's packages, and that the suite's own files end in .ts.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@aws-sdk/')) return next(new URL('client.mjs', import.meta.url).href, context)
    if (specifier.startsWith('.') && context.parentURL.endsWith('.ts')) specifier = specifier.replace(/\.js$/, '.ts')
    return next(specifier, context)
  },
})

class Skipped extends Error {}

class Suite {
  beforeAll = []
  beforeEach = []
  afterEach = []
  afterAll = []
  parts = []

  constructor(name, parent) {
    Object.assign(this, { name, parent })
  }

  get path() {
    return this.parent ? [...this.parent.path, this.name] : []
  }

  get eachBefore() {
    return [...(this.parent?.eachBefore ?? []), ...this.beforeEach]
  }

  get eachAfter() {
    return [...this.afterEach, ...(this.parent?.eachAfter ?? [])]
  }

  async run() {
    const fault = await faultOf(() => all(this.beforeAll))
    for (const part of this.parts) {
      if (fault) part.report(fault)
      else await part.run()
    }
    const ending = await faultOf(() => all(this.afterAll))
    if (ending) write([...this.path, 'afterAll'], ending)
  }

  report(fault) {
    for (const part of this.parts) part.report(fault)
  }
}

class Test {
  constructor(name, suite, body) {
    Object.assign(this, { name, suite, body })
  }

  async run() {
    const context = { skip: () => { throw new Skipped() } }
    this.report(await faultOf(async () => {
      await all(this.suite.eachBefore, context)
      await this.body(context)
      await all(this.suite.eachAfter, context)
    }))
  }

  report(fault) {
    write([...this.suite.path, this.name], fault)
  }
}

async function all(bodies, ...context) {
  for (const body of bodies) await body(...context)
}

async function faultOf(body) {
  try {
    await body()
  } catch (error) {
    return error
  }
}

function write(path, fault) {
  const outcome = fault === undefined ? 'passed' : fault instanceof Skipped ? 'skipped' : 'failed'
  const why = outcome === 'failed' ? { why: `${fault.name}: ${fault.message}` } : {}
  console.log(JSON.stringify({ test: path.join(' > '), outcome, ...why }))
}

const root = new Suite()
let current = root

globalThis.expect = expect
globalThis.describe = (name, body) => {
  current = new Suite(name, current)
  current.parent.parts.push(current)
  body()
  current = current.parent
}
/** `it(name, body, timeout)` or `it(name, options, body)`; times are the runner's to watch. */
globalThis.it = globalThis.test = (name, ...rest) => {
  current.parts.push(new Test(name, current, rest.find((one) => typeof one === 'function')))
}
for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) {
  globalThis[hook] = (body) => current[hook].push(body)
}

for (const path of [`${checkout}/src/setup.ts`, file]) await import(pathToFileURL(path))
await root.run()
