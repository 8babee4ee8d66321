// The expectations of vitest that the suite uses.

import { AssertionError } from 'node:assert'
import { inspect, isDeepStrictEqual } from 'node:util'

class ArrayContaining {
  constructor(elements) {
    this.elements = elements
  }

  accepts(actual) {
    return Array.isArray(actual) && this.elements.every((wanted) => actual.some((one) => isEqual(one, wanted)))
  }
}

/** Whether they are equal, where a member that is undefined is as one that is missing. */
function isEqual(actual, wanted) {
  if (wanted instanceof ArrayContaining) return wanted.accepts(actual)
  return isDeepStrictEqual(defined(actual), defined(wanted))
}

function defined(value) {
  if (Array.isArray(value)) return value.map(defined)
  if (value === null || Object.getPrototypeOf(Object(value)) !== Object.prototype) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, defined(member)]))
}

const matchers = {
  toBe: (actual, wanted) => Object.is(actual, wanted),
  toBeCloseTo: (actual, wanted, digits = 2) => Math.abs(actual - wanted) < 10 ** -digits / 2,
  toBeDefined: (actual) => actual !== undefined,
  toBeGreaterThan: (actual, wanted) => actual > wanted,
  toBeGreaterThanOrEqual: (actual, wanted) => actual >= wanted,
  toBeInstanceOf: (actual, wanted) => actual instanceof wanted,
  toBeLessThan: (actual, wanted) => actual < wanted,
  toBeLessThanOrEqual: (actual, wanted) => actual <= wanted,
  toBeUndefined: (actual) => actual === undefined,
  toContain: (actual, wanted) => actual.includes(wanted),
  toEqual: isEqual,
  toHaveLength: (actual, wanted) => actual.length === wanted,
  toMatch: (actual, wanted) => (wanted instanceof RegExp ? wanted.test(actual) : actual.includes(wanted)),
}

export function expect(actual, message) {
  return { ...matching(actual, message, true), not: matching(actual, message, false) }
}

function matching(actual, message, isWanted) {
  const bound = Object.entries(matchers).map(([name, matches]) => [name, (...wanted) => {
    if (matches(actual, ...wanted) === isWanted) return
    const shown = [actual, ...wanted].map((value) => inspect(value, { depth: 6 }))
    throw new AssertionError({ message: `${message ?? ''}${shown[0]} ${isWanted ? '' : 'not '}${name} ${shown[1] ?? ''}` })
  }])
  return Object.fromEntries(bound)
}

expect.arrayContaining = (elements) => new ArrayContaining(elements)
expect.unreachable = (message) => {
  throw new AssertionError({ message: message ?? 'reached what should not be' })
}
