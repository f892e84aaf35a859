import {
  allocTensor,
  type Backend,
  DeviceError,
  type Expert,
  readFloat32,
  type Tensor,
  type Weight,
  writeTensor,
} from '@octoscale/tensor'
import { createRandom } from '@octoscale/tensor/testing'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createReferenceBackend } from '../reference/backend.ts'
import { Heap } from './heap.ts'
import { createWasmBackend } from './index.ts'
import { latentAttention } from './kernels/latent-attention.ts'
import { linear } from './kernels/linear.ts'
import { moe } from './kernels/moe.ts'
import { rmsNorm } from './kernels/rms-norm.ts'
import { route } from './kernels/route.ts'
import { instantiateKernels } from './kernels.ts'
