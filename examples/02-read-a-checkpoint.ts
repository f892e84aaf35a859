// What a safetensors checkpoint holds, from its header alone: no weight is read.
import { octoTiny } from '@octoscale/octo-tiny'
import { openSafetensors } from '@octoscale/tensor'
import { fileSource } from '@octoscale/tensor/node'

const file = await openSafetensors(fileSource(octoTiny.files['model.safetensors'] as URL))
const bytesOf = new Map<string, number>()
for (const { dtype, bytes } of file.tensors.values()) bytesOf.set(dtype, (bytesOf.get(dtype) ?? 0) + bytes)

console.log(`${file.names.length} tensors`)
for (const [dtype, bytes] of bytesOf) console.log(`${dtype.padEnd(8)} ${bytes} bytes`)
for (const name of file.names.filter((each) => each.includes('layers.0.self_attn.q_'))) {
  const { dtype, shape } = await file.info(name)
  console.log(`${name}  ${dtype} [${shape.join(', ')}]`)
}
