/** Tensors, safetensors files and the contract that every compute backend fills. */

export {
  type Backend,
  type BackendInfo,
  type Memory,
  type OpName,
  type Ops,
  type Policy,
  policies,
} from './backend.ts'
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
export { type Checkpoint, type CheckpointOptions, openCheckpoint } from './files/checkpoint.ts'
export type { CheckpointCheck } from './files/checkpoint-check.ts'
export type { DirectoryHandle, FileHandleLike, NamedBlob } from './files/directory-handle.ts'
export { FileNotFoundError, FileReadError, FileWriteError, HashError } from './files/errors.ts'
export {
  type HashingSource,
  type HashOptions,
  hashingSource,
  type Progress,
} from './files/hashing-source.ts'
export type { StoredTensor } from './files/header.ts'
export type { CheckpointLocation } from './files/locate.ts'
export type { FileLocation, LocationOptions } from './files/open-source.ts'
export { readChunks } from './files/read-chunks.ts'
export { openSafetensors, type SafetensorsFile, type SafetensorsOptions } from './files/safetensors.ts'
export {
  isSafetensorsDType,
  type SafetensorsDType,
  type StoredElements,
  safetensorsDTypes,
} from './files/safetensors-dtypes.ts'
export { streamTensors } from './files/stream-tensors.ts'
export type { ChunkOptions, TensorReader } from './files/tensor-reader.ts'
export { type UrlOptions, urlFolder, urlSource } from './files/url-source.ts'
export { sha256Of } from './files/verify-sources.ts'
export { type ReadWeightOptions, readWeight } from './files/weights.ts'
export {
  type WriteCheckpointOptions,
  type WrittenCheckpoint,
  writeCheckpoint,
} from './files/write-checkpoint.ts'
export type { TensorFacts } from './files/write-layout.ts'
export { type TensorToWrite, writeSafetensors } from './files/write-safetensors.ts'
export {
  type Sink,
  type TensorToStream,
  type WriteOptions,
  type WrittenFile,
  writeSafetensorsTo,
} from './files/write-stream.ts'
export type { PendingFile, WritableFolder } from './files/write-target.ts'
export { decodeFloats, formatOfDType, fp8DType } from './floats.ts'
export type { IntegerLayout } from './gguf/integer-blocks.ts'
export type { GgufArray, GgufValue } from './gguf/metadata.ts'
export { type GgufFile, type GgufOptions, openGguf } from './gguf/open-gguf.ts'
export { integerLayout, type ReadCodesOptions, readCodes } from './gguf/read-codes.ts'
export type { GgufTensor } from './gguf/tensor-infos.ts'
export {
  type HostTensor,
  type HostWeight,
  type IntegerCodes,
  isBlockScaledArray,
  isIntegerCodes,
} from './host.ts'
export { dequantizeWeight } from './layouts/dequantize-weight.ts'
export { QuantizationConfigError } from './layouts/errors.ts'
export type { LayoutName } from './layouts/layout.ts'
export { type CheckpointWeights, type WeightsOptions, weightsOf } from './layouts/weights-of.ts'
export type {
  AddArgs,
  AttentionArgs,
  ConcatArgs,
  EmbedArgs,
  Expert,
  LatentAttentionArgs,
  LinearArgs,
  MoeArgs,
  Paging,
  RmsNormArgs,
  RopeArgs,
  RopePairs,
  RouteArgs,
  SelectRowsArgs,
  SiluMulArgs,
  WriteKvArgs,
  WriteLatentArgs,
} from './ops.ts'
export type { BlockScaled, BufferHandle, CacheTensor, Tensor, Weight } from './tensor.ts'
export { cacheShape, isBlockScaled, weightShape } from './tensor.ts'
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
