/** Names of GGUF tensors → names that the architectures ask for (transformers'). */

/** Without `blk.N.` / `model.layers.N.` and without `.weight` or `.bias`. */
const layerNames: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
  ffn_gate_inp: 'mlp.gate',
}

/** Matrices of all experts in one tensor `[experts, outputs, inputs]`. */
const expertNames: Readonly<Record<string, string>> = {
  ffn_gate_exps: 'gate_proj',
  ffn_up_exps: 'up_proj',
  ffn_down_exps: 'down_proj',
}

const otherNames: Readonly<Record<string, string>> = {
  'token_embd.weight': 'model.embed_tokens.weight',
  'output_norm.weight': 'model.norm.weight',
  'output.weight': 'lm_head.weight',
}

/**
 * The names by which architectures know the tensor: one, or one for each of `first` experts. A name that is not known stays as it
 * is, so that it is reported as unexpected.
 */
export function namesOfGguf(name: string, first: number): readonly string[] {
  const layer = /^blk\.(\d{1,6})\.(\w+)\.(weight|bias)$/.exec(name)
  if (layer === null) return [own(otherNames, name) ?? name]
  const [, index, part = '', kind] = layer
  const prefix = `model.layers.${index}.`
  const expert = own(expertNames, part)
  if (expert !== undefined && kind === 'weight') {
    return Array.from({ length: first }, (_, e) => `${prefix}mlp.experts.${e}.${expert}.weight`)
  }
  const known = own(layerNames, part)
  return [known === undefined ? name : `${prefix}${known}.${kind}`]
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
