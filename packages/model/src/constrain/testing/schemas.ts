/** Schemas with documents, for tests: properties stand in the order in which they are declared. */

export interface SchemaCase {
  readonly name: string
  readonly schema: object | boolean
  readonly valid: readonly unknown[]
  readonly invalid: readonly unknown[]
}

const one = (name: string, schema: object | boolean, valid: unknown[], invalid: unknown[]): SchemaCase => ({
  name,
  schema,
  valid,
  invalid,
})
const node = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: {
        value: { type: 'integer' },
        next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
      },
      required: ['value'],
      additionalProperties: false,
    },
  },
}
const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0, maximum: 150 } },
  required: ['name'],
  additionalProperties: false,
}
const tree = {
  type: 'object',
  properties: { left: { $ref: '#' }, right: { $ref: '#' } },
  additionalProperties: false,
}
const nested = { type: 'array', items: { anyOf: [{ type: 'integer' }, { $ref: '#' }] } }

export const SCHEMAS: readonly SchemaCase[] = [
  one('anything', {}, [null, true, 1.5, 'a"\\\n\u0001é😀', [1, [2]], { a: { b: [] } }], []),
  one('true', true, [0, {}], []),
  one('string', { type: 'string' }, ['', 'é😀', '\u0000"\\/'], [1, null]),
  one('number', { type: 'number' }, [0, -1.5, 1e21, 1.25e-7, 123456789012345680000, 5e-324], ['1', null]),
  one('integer', { type: 'integer' }, [0, -7, 9007199254740991], [1.5, '1']),
  one('boolean', { type: 'boolean' }, [true, false], [0]),
  one('null', { type: 'null' }, [null], [false]),
  one('two types', { type: ['string', 'null'] }, ['x', null], [1]),
  one('number and integer', { type: ['number', 'integer'] }, [1, 1.5], ['a']),
  one('nullable', { type: 'string', nullable: true }, ['x', null], [1]),
  one('const string', { const: 'x"y' }, ['x"y'], ['x', 'xy']),
  one('const object', { const: { a: [1, null], b: 'c' } }, [{ a: [1, null], b: 'c' }], [{}, { a: [1] }]),
  one(
    'enum',
    { enum: ['red', 'green', 'grey', 3, null, [1]] },
    ['red', 'grey', 3, null, [1]],
    ['gre', 4, []],
  ),
  one('enum with type', { type: 'string', enum: ['a', 1, 'b'] }, ['a', 'b'], [1]),
  one('enum with length', { enum: ['a', 'bbb', 2], maxLength: 2 }, ['a', 2], ['bbb']),
  one('enum with pattern', { enum: ['a1', 'b', 7], pattern: '^[a-z]\\d' }, ['a1', 7], ['b']),
  one('enum with bounds', { enum: [1, 5, 9], minimum: 2, exclusiveMaximum: 9 }, [5], [1, 9]),
  one('enum and const', { enum: ['a', 'b'], const: 'b' }, ['b'], ['a']),
  one('min length', { type: 'string', minLength: 3 }, ['abc', 'é😀x', 'abcd'], ['ab', '😀😀']),
  one('max length', { type: 'string', maxLength: 2 }, ['', 'ab', '😀😀', '\n"'], ['abc']),
  one(
    'both lengths',
    { type: 'string', minLength: 2, maxLength: 20 },
    ['ab', 'x'.repeat(20)],
    ['a', 'x'.repeat(21)],
  ),
  one('length 0', { type: 'string', maxLength: 0 }, [''], ['a']),
  one('pattern', { type: 'string', pattern: '^[A-Z]{2}\\d+$' }, ['AB1', 'ZZ007'], ['A1', 'AB', 'xAB1']),
  one('pattern anywhere', { type: 'string', pattern: 'b+c' }, ['abbc', 'bc\n', '"bc"'], ['abb', 'c']),
  one('pattern with quotes', { type: 'string', pattern: '^"[\\\\\\n]"$' }, ['"\\"', '"\n"'], ['""']),
  one(
    'pattern of alternatives',
    { type: 'string', pattern: '^(?:foo|bar)$|^x?$' },
    ['foo', '', 'x'],
    ['fo', 'foox'],
  ),
  one(
    'pattern with length',
    { type: 'string', pattern: '^(ab)*$', minLength: 3, maxLength: 7 },
    ['abab', 'ababab'],
    ['ab', 'abababab'],
  ),
  one(
    'pattern with least length',
    { type: 'string', pattern: '^a*b$', minLength: 3 },
    ['aab', 'aaaaab'],
    ['ab'],
  ),
  one('pattern of letters', { type: 'string', pattern: '^\\p{L}+$' }, ['Größe', '漢字'], ['a1', '']),
  one(
    'date',
    { type: 'string', format: 'date' },
    ['2024-02-29', '1999-12-31'],
    ['2023-02-29', '2024-13-01', '2024-04-31'],
  ),
  one(
    'date-time',
    { type: 'string', format: 'date-time' },
    ['2024-02-29T23:59:59Z', '2024-01-01T00:00:00.5+02:30'],
    ['2024-01-01', '2024-01-01T24:00:00Z'],
  ),
  one('uuid', { type: 'string', format: 'uuid' }, ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']),
  one('ipv4', { type: 'string', format: 'ipv4' }, ['0.0.0.0', '255.1.20.3'], ['256.1.1.1', '1.2.3']),
  one(
    'ipv6',
    { type: 'string', format: 'ipv6' },
    ['::', '::1', '1:2:3:4:5:6:7:8', 'fe80::1'],
    ['1:2:3', ':::'],
  ),
  one('email', { type: 'string', format: 'email' }, ['a.b@example.org'], ['a@', 'b']),
  one(
    'integer bounds',
    { type: 'integer', minimum: -12, maximum: 345 },
    [-12, 0, -1, 9, 345, 99],
    [-13, 346, 1000, 1.5],
  ),
  one('integer above', { type: 'integer', minimum: 17 }, [17, 20, 100, 123456789], [16, 9, -20]),
  one('integer below', { type: 'integer', exclusiveMaximum: -5 }, [-6, -10, -123], [-5, 0, -4]),
  one('integer between fractions', { type: 'integer', minimum: 1.5, maximum: 3.5 }, [2, 3], [1, 4]),
  one('exclusive', { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 3 }, [1, 2], [0, 3]),
  one(
    'number bounds',
    { type: 'number', minimum: 0.25, maximum: 12.5 },
    [0.25, 0.3, 1, 12.5, 12.05],
    [0.2, 12.51, 13, 0],
  ),
  one(
    'number around zero',
    { type: 'number', exclusiveMinimum: -1, exclusiveMaximum: 1 },
    [-0.5, 0, 0.999],
    [-1, 1, 2],
  ),
  one('number open ends', { type: 'number', exclusiveMinimum: 1.5, maximum: 2 }, [1.51, 2, 1.6], [1.5, 2.01]),
  one(
    'multiple of an integer',
    { type: 'integer', multipleOf: 7, minimum: 0, maximum: 100 },
    [0, 7, 98],
    [1, 105, 50],
  ),
  one('multiple without bounds', { type: 'integer', multipleOf: 12 }, [0, -144, 1200], [1, 13]),
  one('multiple of 0.01', { type: 'number', multipleOf: 0.01 }, [1, 1.25, 0.5], [1.255]),
  one('array', { type: 'array', items: { type: 'integer' } }, [[], [1], [1, 2, 3]], [['a'], [1, null]]),
  one(
    'array of 2 to 3',
    { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 3 },
    [
      [true, false],
      [true, true, true],
    ],
    [[], [true], [true, true, true, true]],
  ),
  one(
    'array of 3 or more',
    { type: 'array', items: { type: 'null' }, minItems: 3 },
    [
      [null, null, null],
      [null, null, null, null],
    ],
    [[null, null]],
  ),
  one('empty array', { type: 'array', maxItems: 0 }, [[]], [[1]]),
  one(
    'tuple',
    { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false },
    [[], [1], [1, 'a']],
    [['a'], [1, 'a', 2]],
  ),
  one(
    'tuple with rest',
    { type: 'array', prefixItems: [{ type: 'integer' }], items: { type: 'string' }, minItems: 2 },
    [
      [1, 'a'],
      [1, 'a', 'b'],
    ],
    [[1], [1, 2]],
  ),
  one('no items', { type: 'array', items: false }, [[]], [[1]]),
  one('object', { type: 'object' }, [{}, { a: 1 }], [[], null]),
  one(
    'person',
    person,
    [{ name: 'a' }, { name: 'a', age: 3 }],
    [{}, { age: 3 }, { name: 'a', age: 151 }, { name: 'a', x: 1 }],
  ),
  one(
    'all optional',
    {
      type: 'object',
      properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } },
      additionalProperties: false,
    },
    [{}, { a: 1 }, { c: 3 }, { a: 1, c: 3 }, { b: 2, c: 3 }],
    [{ d: 1 }, { a: 2 }],
  ),
  one(
    'open object',
    { type: 'object', properties: { a: { type: 'integer' } } },
    [{}, { a: 1, ab: 'x' }, { b: null }, { '': 0 }],
    [{ a: 'x' }],
  ),
  one(
    'typed rest',
    { type: 'object', properties: { é: { type: 'null' } }, additionalProperties: { type: 'integer' } },
    [{}, { é: null, e: 1 }, { 'a"b': 2 }],
    [{ x: 'y' }, { é: 1 }],
  ),
  one(
    'required undeclared',
    { type: 'object', required: ['z'], properties: { a: { type: 'integer' } } },
    [{ z: 1 }, { a: 1, z: [] }],
    [{}, { a: 1 }],
  ),
  one(
    'forbidden property',
    { type: 'object', properties: { a: false, b: { type: 'integer' } } },
    [{ b: 1 }, { c: 1 }],
    [{ a: 1 }],
  ),
  one(
    'map',
    { type: 'object', additionalProperties: { type: 'boolean' } },
    [{}, { x: true, y: false }],
    [{ x: 1 }],
  ),
  one('any of', { anyOf: [{ type: 'integer' }, { type: 'string', maxLength: 2 }] }, [1, 'ab'], ['abc', null]),
  one(
    'any of with base',
    {
      type: 'object',
      properties: { k: { type: 'string' } },
      required: ['k'],
      anyOf: [{ properties: { v: { type: 'integer' } } }, { properties: { w: { type: 'null' } } }],
      additionalProperties: true,
    },
    [
      { k: 'a', v: 1 },
      { k: 'a', w: null },
    ],
    [{ v: 1 }, { k: 1 }],
  ),
  one(
    'one of',
    {
      oneOf: [
        { type: 'object', properties: { t: { const: 'a' } }, required: ['t'], additionalProperties: false },
        {
          type: 'object',
          properties: { t: { const: 'b' }, n: { type: 'integer' } },
          required: ['t', 'n'],
          additionalProperties: false,
        },
      ],
    },
    [{ t: 'a' }, { t: 'b', n: 1 }],
    [{ t: 'b' }, { t: 'c' }],
  ),
  one('all of', { allOf: [{ type: 'integer' }, { minimum: 3 }, { maximum: 5 }] }, [3, 5], [2, 6, 'a']),
  one(
    'all of objects',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer', minimum: 2 } }, required: ['a'] },
        { properties: { a: { maximum: 4 }, b: { type: 'string' } }, required: ['b'] },
      ],
    },
    [{ a: 3, b: '' }],
    [{ a: 3 }, { a: 5, b: '' }, { a: 1, b: '' }],
  ),
  one(
    'all of enums',
    { allOf: [{ enum: ['a', 'b', 'c'] }, { enum: ['b', 'c', 'd'] }] },
    ['b', 'c'],
    ['a', 'd'],
  ),
  one(
    'reference',
    { $defs: { p: person }, type: 'array', items: { $ref: '#/$defs/p' } },
    [[], [{ name: 'x' }]],
    [[{}]],
  ),
  one(
    'reference with more',
    { $defs: { i: { type: 'integer' } }, $ref: '#/$defs/i', minimum: 10 },
    [10, 11],
    [9, 'a'],
  ),
  one(
    'list by recursion',
    node,
    [{ value: 1 }, { value: 1, next: { value: 2, next: null } }],
    [{ next: null }, { value: 1, next: {} }],
  ),
  one(
    'tree by recursion',
    tree,
    [{}, { left: { right: {} } }, { left: {}, right: {} }],
    [{ middle: {} }, { left: 1 }],
  ),
  one('nested arrays', nested, [[], [1, [2, [3]]], [[[]]]], [['a'], 1]),
  one(
    'pointer with escapes',
    { $defs: { 'a/b~c d': { type: 'boolean' } }, $ref: '#/$defs/a~1b~0c%20d' },
    [true],
    [1],
  ),
  one(
    'names by pattern',
    {
      type: 'object',
      properties: { a1: { type: 'string' }, id: { type: 'integer' } },
      patternProperties: { '^a': { maxLength: 3 }, '1$': { enum: ['x', 'four', 5] }, '^no': false },
      additionalProperties: { type: 'boolean' },
      required: ['a1'],
    },
    [
      { a1: 'x' },
      { a1: 'x', id: 3, a11: 'x', b1: 'four', ab: 'abc', b: true },
      { a1: 'x', 'c"1': 5, na: false },
    ],
    [
      { a1: 'four' },
      { a1: 'y' },
      { a1: 'x', a2: 'four' },
      { a1: 'x', b1: true },
      { a1: 'x', no: true },
      { id: 3 },
    ],
  ),
  one(
    'names by pattern alone',
    { type: 'object', patternProperties: { '^[a-c]+$': { type: 'null' } }, additionalProperties: false },
    [{}, { abc: null }, { a: null, b: null }],
    [{ abc: 1 }, { abd: null }, { '': null }],
  ),
  one(
    'keywords of another type',
    { minLength: 2, minimum: 5, maxItems: 1 },
    ['ab', 5, [1], null, {}],
    ['a', 4, [1, 2]],
  ),
  one(
    'large enum',
    { enum: Array.from({ length: 500 }, (_, i) => `value ${i * 7919}`) },
    ['value 7919'],
    ['value 1', 'value 79190000'],
  ),
]
