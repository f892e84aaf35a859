import jsep from 'jsep'
import { ExpressionError } from './expression-error.ts'

/** Longest expression, in characters. It bounds the depth of the tree too. */
const maxLength = 2000
const maxNesting = 100

/** Marks parentheses in the tree, which jsep drops: `(-2)^2` is 4, `-2^2` is -4. No name can be this one. */
export const group = '$group'

/**
 * Arithmetic only: no quotes, brackets, assignments or other operators reach the parser, so what it offers beyond
 * arithmetic (and what others in this program may have added to it) cannot be asked for.
 */
const foreign = /[^\w\s.,+\-*/%^()]/u

/** How people and models write operators. */
function normalize(text: string): string {
  return text
    .replace(/[×·⋅∙]/g, '*')
    .replace(/[÷∕]/g, '/')
    .replace(/[−–—]/g, '-')
    .replace(/π/g, 'pi')
    .replace(/√/g, 'sqrt')
    .replace(/\s*=\s*\??\s*$/, '')
}

/** The tree of an arithmetic expression: `^` is right-associative and written `**`, parentheses are calls of `$group`. */
export function parseExpression(written: string): jsep.Expression {
  if (written.length > maxLength) {
    const message = `the expression has ${written.length} characters; at most ${maxLength}: split it`
    throw new ExpressionError({ message })
  }
  const text = normalize(written)
  if (text.trim() === '') throw new ExpressionError({ message: 'the expression is empty' })
  const character = foreign.exec(text)?.[0]
  if (character !== undefined)
    throw new ExpressionError({ message: foreignMessage(character), part: character })
  checkParentheses(text)
  checkPercent(text)
  const prepared = text.replace(/\^/g, '**').replace(/(?<![\w)]\s*)\(/g, `${group}(`)
  let tree: jsep.Expression
  try {
    tree = jsep(prepared)
  } catch (cause) {
    throw new ExpressionError({ message: `cannot read the expression: ${reason(cause)}`, cause })
  }
  if (tree.type === 'Compound') throw new ExpressionError({ message: compoundMessage })
  return tree
}

const compoundMessage =
  'the expression has several parts: put an operator between them, and write 1000 instead of 1,000'

function foreignMessage(character: string): string {
  const advice = character === '!' ? ' (there is no factorial)' : ''
  return `unexpected ${character}${advice}: use numbers, + - * / % ^, parentheses and functions`
}

/** What jsep says, without its position: the text it saw is not quite the one that was written. */
function reason(cause: unknown): string {
  const { description } = cause as { readonly description?: unknown }
  return typeof description === 'string' ? description.replaceAll(group, '') : 'it is not arithmetic'
}

function checkParentheses(text: string): void {
  let open = 0
  for (const character of text) {
    open += character === '(' ? 1 : character === ')' ? -1 : 0
    if (open < 0) throw new ExpressionError({ message: 'there is a ) without its (', part: ')' })
    if (open > maxNesting)
      throw new ExpressionError({ message: `parentheses are nested deeper than ${maxNesting}`, part: '(' })
  }
  if (open > 0) throw new ExpressionError({ message: `${open} ( without )`, part: '(' })
}

/** `20%` of something: `%` is the remainder of a division here. */
function checkPercent(text: string): void {
  if (!/%\s*($|[+*/%^),])/.test(text)) return
  const message = '% is the remainder of a division: for a percentage write 15/100 instead of 15%'
  throw new ExpressionError({ message, part: '%' })
}
