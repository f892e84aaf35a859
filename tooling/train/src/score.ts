import type { Expectation, ToolCall } from './types.ts';

export interface Scorable {
  readonly row: string;
  readonly thinking: boolean;
  readonly expect: Expectation;
}

export interface Score {
  readonly ok: boolean;
  readonly reason: string;
}

const EOS = '<｜end▁of▁sentence｜>';
const CALLS = /<｜tool▁calls▁begin｜>([\s\S]*?)<｜tool▁calls▁end｜>/;
const CALL = /<｜tool▁call▁begin｜>([\s\S]*?)<｜tool▁sep｜>([\s\S]*?)<｜tool▁call▁end｜>/g;

export interface ParsedCompletion {
  readonly thought: string | undefined;
  readonly answer: string;
  readonly calls: readonly ToolCall[];
}

/** What the model wrote after the generation prefix. */
export function parseCompletion(text: string): ParsedCompletion {
  const cut = text.indexOf('</think>');
  const thought = cut < 0 ? undefined : text.slice(0, cut);
  const rest = (cut < 0 ? text : text.slice(cut + '</think>'.length)).split(EOS)[0] ?? '';
  const block = CALLS.exec(rest);
  const calls = [...(block?.[1] ?? '').matchAll(CALL)].map((match) => ({ name: match[1] ?? '', arguments: match[2] ?? '' }));
  return { thought, answer: (block ? rest.slice(0, block.index) : rest).trim(), calls };
}

const right: Score = { ok: true, reason: '' };
const wrong = (reason: string): Score => ({ ok: false, reason });

/** Property order does not matter to a tool, everything else does. */
function canonical(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return `not an object: ${text}`;
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return `not JSON: ${text}`;
  }
}

function scoreCalls(expected: readonly ToolCall[], got: readonly ToolCall[]): Score {
  if (got.length !== expected.length) return wrong(`${got.length} calls instead of ${expected.length}`);
  for (const [index, call] of expected.entries()) {
    const other = got[index] as ToolCall;
    if (other.name !== call.name) return wrong(`tool ${other.name} instead of ${call.name}`);
    if (canonical(other.arguments) !== canonical(call.arguments)) return wrong(`arguments ${other.arguments} instead of ${call.arguments}`);
  }
  return right;
}

/** The result is the last number of the answer; "5 - 7 = -2" ends in a negative one. */
function lastNumber(answer: string): string | undefined {
  return answer.match(/(?<![\w.])-?\d+(?:\.\d+)?/g)?.at(-1);
}

/** A value counts only where it stands alone: 48 is not in 448, 2^-1 is not in 2^-14. */
function containsValue(answer: string, value: string): boolean {
  for (let at = answer.indexOf(value); at >= 0; at = answer.indexOf(value, at + 1)) {
    const before = answer.slice(0, at).at(-1) ?? ' ';
    const after = answer.slice(at + value.length);
    const joinedBefore = /\w/.test(before) && /^\w/.test(value);
    const joinedAfter = /^(\w|\.\d)/.test(after) && /\w$/.test(value);
    if (!joinedBefore && !joinedAfter && !(before === '-' && /^\d/.test(value))) return true;
  }
  return false;
}

function scoreMode(item: Scorable, completion: ParsedCompletion, text: string): Score {
  if (item.thinking) {
    if (completion.thought === undefined) return wrong('no end of the thought');
    if (completion.thought.trim() === '') return wrong('empty thought');
    if (completion.answer === '') return wrong('no answer after the thought');
  } else if (/<\/?think>/.test(text)) return wrong('think tag outside thinking mode');
  return right;
}

/** Judges a completion (special tokens as text). Every row also demands that the thinking switch was obeyed. */
export function score(item: Scorable, text: string): Score {
  const completion = parseCompletion(text);
  const mode = scoreMode(item, completion, text);
  if (!mode.ok) return mode;
  const { expect } = item;
  if (expect.kind === 'calls') return scoreCalls(expect.calls ?? [], completion.calls);
  if (completion.calls.length > 0 || text.includes('<｜tool▁call')) return wrong('called a tool');
  if (completion.answer === '') return wrong('empty answer');
  if (expect.kind === 'number') {
    const got = lastNumber(completion.answer);
    return got === expect.number ? right : wrong(`${got} instead of ${expect.number}`);
  }
  if (expect.kind === 'contains') {
    const missing = (expect.values ?? []).find((value) => !containsValue(completion.answer, value));
    return missing === undefined ? right : wrong(`"${completion.answer}" lacks ${missing}`);
  }
  if (expect.kind === 'exact') {
    const value = expect.values?.[0] ?? '';
    return completion.answer === value ? right : wrong(`"${completion.answer}" instead of "${value}"`);
  }
  return right;
}
