/** Tensors, safetensors files and the contract that every compute backend fills. */

export type { Backend, BackendInfo, Memory, OpName, Ops } from './backend.ts'
export { checked } from './checks/checked.ts'
export { bytesPerElement, type DType, dtypes } from './dtype.ts'
export {
  ArgumentError,
  DeviceError,
  DTypeError,
  FormatError,
  IndexError,
  OutOfMemoryError,
  ShapeError,
} from './errors.ts'
export { type ByteSource, blobSource, bytesSource, type Folder, folderOf } from './files/byte-source.ts'
export { type Checkpoint, openCheckpoint } from './files/checkpoint.ts'
export { FileNotFoundError, FileReadError } from './files/errors.ts'
export type { StoredTensor } from './files/header.ts'
export {
  openSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  type TensorReader,
} from './files/safetensors.ts'
export {
  isSafetensorsDType,
  type SafetensorsDType,
  type StoredElements,
  safetensorsDTypes,
} from './files/safetensors-dtypes.ts'
export { type UrlOptions, urlFolder, urlSource } from './files/url-source.ts'
export { type ReadWeightOptions, readWeight } from './files/weights.ts'
export { type TensorToWrite, writeSafetensors } from './files/write-safetensors.ts'
export { decodeFloats, formatOfDType, fp8DType } from './floats.ts'
export { type HostTensor, type HostWeight, isBlockScaledArray } from './host.ts'
export type {
  AddArgs,
  EmbedArgs,
  Expert,
  LatentAttentionArgs,
  LinearArgs,
  MoeArgs,
  RmsNormArgs,
  RopeArgs,
  RouteArgs,
  SelectRowsArgs,
  SiluMulArgs,
  WriteLatentArgs,
} from './ops.ts'
export type { BlockScaled, BufferHandle, Tensor, Weight } from './tensor.ts'
export { isBlockScaled, weightShape } from './tensor.ts'
export {
  allocTensor,
  readFloat32,
  readInt32,
  type TensorData,
  uploadTensor,
  uploadWeight,
  writeTensor,
} from './transfer.ts'
export { byteLength, numel, reshape, rows, shapeText, tensor } from './views.ts'
export { createWorkspace, type Workspace, type WorkspacePlan, workspaceBytes } from './workspace.ts'
