/** The vocabulary of a GGUF file as a tokenizer.json and a tokenizer_config.json. */
import { GgufVocabularyError } from '../errors.ts'
import { byteLevelTokenizer, scoredTokenizer, type VocabularyParts, wordPieceTokenizer } from './kinds.ts'
import { type GgufMetadata, MetadataReader, required } from './metadata.ts'

type Json = Readonly<Record<string, unknown>>

/** The numbers in `tokenizer.ggml.token_type`. */
const TOKEN_TYPES = { unknown: 2, control: 3, userDefined: 4, byte: 6 } as const

/** By the names in `tokenizer.ggml.model`. */
const KINDS: Readonly<
  Record<string, (parts: VocabularyParts) => { json: Json; addBos: boolean; addEos: boolean }>
> = {
  gpt2: byteLevelTokenizer,
  llama: scoredTokenizer,
  bert: wordPieceTokenizer,
}

/** The parts that tokens play, and the keys that say so. Of the two names of one part the first is the newer. */
const ROLES = [
  ['bos', ['bos_token_id', 'cls_token_id']],
  ['eos', ['eos_token_id']],
  ['unk', ['unknown_token_id']],
  ['sep', ['separator_token_id', 'seperator_token_id']],
  ['pad', ['padding_token_id']],
  ['mask', ['mask_token_id']],
] as const

/** @throws GgufVocabularyError for what is missing, faulty or not supported, with its key */
export function readGgufVocabulary(metadata: GgufMetadata): { json: Json; config: Json } {
  const reader = new MetadataReader(metadata)
  const kind = required(reader.string(`${PREFIX}model`), `${PREFIX}model`, KIND_NAMES)
  if (!Object.hasOwn(KINDS, kind))
    throw new GgufVocabularyError({ key: `${PREFIX}model`, expected: KIND_NAMES, value: kind })
  const tokens = required(reader.strings(`${PREFIX}tokens`), `${PREFIX}tokens`, 'the list of tokens')
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (ids.size !== tokens.length) {
    const twice = tokens.find((token, id) => ids.get(token) !== id)
    throw new GgufVocabularyError({ key: `${PREFIX}tokens`, expected: 'tokens that differ', value: twice })
  }
  const types =
    reader.numbers(`${PREFIX}token_type`, tokens.length) ?? new Float64Array(tokens.length).fill(1)
  const roles: Record<string, number> = {}
  for (const [role, names] of ROLES) {
    for (const name of names) roles[role] ??= reader.id(PREFIX + name, tokens.length) ?? roles[role]!
    if (roles[role] === undefined) delete roles[role]
  }
  const added = tokens.flatMap((content, id) => {
    const special = types[id] === TOKEN_TYPES.control || types[id] === TOKEN_TYPES.unknown
    if (content === '' || (!special && types[id] !== TOKEN_TYPES.userDefined)) return []
    return [{ id, content, special, normalized: false, lstrip: false, rstrip: false, single_word: false }]
  })
  const { json, addBos, addEos } = KINDS[kind]!({ reader, tokens, types, roles })
  const begin = (reader.boolean(`${PREFIX}add_bos_token`) ?? addBos) ? roles.bos : undefined
  const endId = kind === 'bert' ? (roles.sep ?? roles.eos) : roles.eos
  const end = (reader.boolean(`${PREFIX}add_eos_token`) ?? addEos) ? endId : undefined
  const config: Record<string, unknown> = { chat_template: templates(reader) }
  for (const [role, id] of Object.entries(roles)) config[`${role}_token`] = tokens[id]
  return { json: { ...json, added_tokens: added, post_processor: template(tokens, begin, end) }, config }
}

const PREFIX = 'tokenizer.ggml.'
const KIND_NAMES = `one of ${Object.keys(KINDS).join(', ')}`

function templates(reader: MetadataReader): Json[] {
  const list: Json[] = []
  const main = reader.string('tokenizer.chat_template')
  if (main !== undefined) list.push({ name: 'default', template: main })
  for (const name of reader.strings('tokenizer.chat_templates') ?? []) {
    const named = reader.string(`tokenizer.chat_template.${name}`)
    if (named !== undefined) list.push({ name, template: named })
  }
  return list
}

function template(
  tokens: readonly string[],
  begin: number | undefined,
  end: number | undefined,
): Json | null {
  if (begin === undefined && end === undefined) return null
  const piece = (id: number | undefined): Json[] =>
    id === undefined ? [] : [{ SpecialToken: { id: tokens[id]!, type_id: 0 } }]
  const special = [begin, end].filter((id) => id !== undefined)
  return {
    type: 'TemplateProcessing',
    single: [...piece(begin), { Sequence: { id: 'A', type_id: 0 } }, ...piece(end)],
    special_tokens: Object.fromEntries(special.map((id) => [tokens[id]!, { ids: [id] }])),
  }
}
