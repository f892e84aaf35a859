import type { VNode } from 'preact'

/** How to read the lines. */
export function Legend(): VNode {
  return (
    <p class="legend">
      <Entry path="M3 3h10L8 14Z" kind="number" text="your number" />
      <Entry path="M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0" kind="rounded" text="what the format keeps" />
      <Entry path="M3 4V12M8 1V15M13 4V12" kind="ticks" text="its numbers, powers of two taller" />
      <Entry path="M0 2H16V14H0Z" kind="subnormals" text="subnormal" />
    </p>
  )
}

function Entry(props: { readonly path: string; readonly kind: string; readonly text: string }): VNode {
  return (
    <span>
      <svg class="sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path class={props.kind} d={props.path} />
      </svg>
      {props.text}
    </span>
  )
}
