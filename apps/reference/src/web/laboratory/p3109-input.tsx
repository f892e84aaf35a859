import type { VNode } from 'preact'
import { p3109Named } from './format-groups.ts'

/** 8-bit formats of the family with 3, 4 and 5 bits of precision, and smaller and unsigned ones. */
const examples = [
  'p3109_k8p3se',
  'p3109_k8p4se',
  'p3109_k8p5sf',
  'p3109_k6p3sf',
  'p3109_k4p2sf',
  'p3109_k8p1uf',
]

/** Where a format of IEEE P3109 is named, which has its card below. */
export function P3109Input(props: { readonly name: string; readonly onName: (name: string) => void }): VNode {
  const { name, onName } = props
  const known = p3109Named(name) !== undefined
  return (
    <div class="p3109-input">
      <label for="laboratory-p3109">A format of IEEE P3109</label>
      <input
        id="laboratory-p3109"
        type="text"
        value={name}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={40}
        aria-invalid={!known}
        aria-describedby="laboratory-p3109-help"
        onInput={(event) => onName(event.currentTarget.value)}
      />
      <p id="laboratory-p3109-help" class={known ? 'note' : 'note problem'} aria-live="polite">
        {known ? '' : 'No such format. '}
        p3109_k8p4se: K = 8 bits, P = 4 of precision, s signed or u unsigned, e with infinities or f without
      </p>
      <div class="examples">
        {examples.map((example) => (
          <button type="button" class="small" key={example} onClick={() => onName(example)}>
            {example}
          </button>
        ))}
      </div>
    </div>
  )
}
